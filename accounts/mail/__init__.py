"""Mail to users and to those who are invited."""
