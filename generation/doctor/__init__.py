"""The checks of `manage.py doctor`: each yields findings, with a fix for every problem."""
