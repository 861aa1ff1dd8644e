"""What the HTTP surface is measured against, and how all of them are served: alike, each by one process on one core."""
