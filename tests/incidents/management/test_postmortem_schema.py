import json
from io import StringIO

from django.core.management import call_command

from incidents.documents.tree_schema import make_schema


def test_the_schema_is_written_to_the_standard_output() -> None:
    out = StringIO()
    call_command("postmortem_schema", stdout=out)
    assert json.loads(out.getvalue()) == make_schema()
