"""`manage.py up`: everything on one machine, ready to be tried."""
