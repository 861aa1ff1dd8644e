"""What makes a text a sane post: measured, judged, and told to the model that is to repair it."""
