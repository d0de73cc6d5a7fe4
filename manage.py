#!/usr/bin/env python
"""Debrief's command line: `python manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from config.missing_tables import MissingTablesError, watch_connections

    watch_connections()
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, MissingTablesError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
