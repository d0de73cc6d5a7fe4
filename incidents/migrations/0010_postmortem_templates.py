"""Six templates to begin post-mortems from; every severity uses the complete one until a team chooses another."""

import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data" / "postmortem_templates.json"
USED = "Complete"


def add_templates(apps, schema_editor):
    PostmortemTemplate = apps.get_model("incidents", "PostmortemTemplate")
    TemplateSection = apps.get_model("incidents", "TemplateSection")
    for row in json.loads(DATA.read_text()):
        # A team that was quicker keeps what it has.
        template, is_new = PostmortemTemplate.objects.get_or_create(
            name=row["name"], defaults={"description": row["description"]}
        )
        if is_new:
            TemplateSection.objects.bulk_create(
                TemplateSection(template=template, position=position, **section)
                for position, section in enumerate(row["sections"], start=1)
            )
    levels = apps.get_model("incidents", "SeverityLevel").objects.filter(postmortem_template=None)
    levels.update(postmortem_template=PostmortemTemplate.objects.get(name=USED))


def remove_templates(apps, schema_editor):
    names = [row["name"] for row in json.loads(DATA.read_text())]
    apps.get_model("incidents", "PostmortemTemplate").objects.filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0009_writing_postmortems")]
    operations = [migrations.RunPython(add_templates, remove_templates)]
