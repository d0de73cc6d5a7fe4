"""What is searched gets an index that the database keeps by itself: incidents/search says how."""

from django.db import migrations

from incidents.search.index import engine
from incidents.search.kinds import Source

# As the tables are here; incidents/search/kinds.py follows them.
SOURCES = (
    Source(1, "incidents_incident", "number", ("title",), ("summary", "impact", "data_lost")),
    Source(2, "incidents_timelineevent", "id", (), ("text",)),
    Source(3, "incidents_postmortemsection", "id", (), ("body",)),
    Source(4, "incidents_actionitem", "number", ("title",), ("reason",)),
)


def make_index(apps, schema_editor):
    engine(schema_editor.connection).install(schema_editor.connection, SOURCES)


def remove_index(apps, schema_editor):
    engine(schema_editor.connection).remove(schema_editor.connection, SOURCES)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_invalid_durations")]
    operations = [migrations.RunPython(make_index, remove_index)]
