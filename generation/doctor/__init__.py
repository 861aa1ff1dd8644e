"""What `manage.py doctor` looks at: each examination yields findings, with a mend for what is wrong."""
