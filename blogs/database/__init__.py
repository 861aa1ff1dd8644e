"""The database as something that can be away, full or held: which outage an error means, and how long we wait."""
