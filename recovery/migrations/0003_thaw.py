"""The triggers step aside while the tables under them change; 0006 puts them back."""

from importlib import import_module

from django.db import migrations

frozen = import_module("recovery.migrations.0002_evidence_freezes_restore_tests")


class Migration(migrations.Migration):
    dependencies = [("recovery", "0002_evidence_freezes_restore_tests")]
    operations = [migrations.RunPython(frozen.remove_triggers, frozen.add_triggers)]
