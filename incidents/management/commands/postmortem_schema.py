"""`manage.py postmortem_schema`."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from incidents.documents.tree_schema import make_schema


class Command(BaseCommand):
    """Writes out what a JSON export looks like."""

    help = "Write the JSON Schema of post-mortems to the standard output, of which docs/schema has a copy."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        self.stdout.write(json.dumps(make_schema(), indent=2, ensure_ascii=False))
