"""The five severity levels; teams rename them."""

import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data" / "severity_levels.json"


def add_levels(apps, schema_editor):
    SeverityLevel = apps.get_model("incidents", "SeverityLevel")
    SeverityLevel.objects.bulk_create(SeverityLevel(**row) for row in json.loads(DATA.read_text()))


def remove_levels(apps, schema_editor):
    apps.get_model("incidents", "SeverityLevel").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunPython(add_levels, remove_levels)]
