#!/usr/bin/env python
"""Django's command line for the service."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import Error


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")
    if sys.argv[1:2] == ["up"]:
        from blogsite.up.first_run import prepare_environment

        prepare_environment()
    try:
        execute_from_command_line(sys.argv)
    except Error as error:
        from blogs.database.outages import outage_of

        if outage := outage_of(error):
            sys.exit(f"{outage.detail} {outage.fix} ({' '.join(str(error).split())})")
        raise
    except ImproperlyConfigured as error:
        sys.exit(f"Configuration error: {error}")


if __name__ == "__main__":
    main()
