"""Post-mortems that are imported at the same moment, as a script for an installation of its own."""

# Two people import the same two files twice each, of another team and of Debrief: each file is there once, whole.
IMPORTING = """
from datetime import UTC
from threading import Barrier, Thread
from django.db import connection
from django.utils import timezone
from accounts.models import User
from accounts.services.people import first_administrator
from incidents.documents.build import build_document
from incidents.documents.markdown import render_markdown_file
from incidents.models import Incident
from incidents.readers.read import read_postmortem
from incidents.services.imports import import_own, import_read
first = first_administrator()
people = [first, User.objects.create_user("importing", role="responder")]
text = "# Disk full\\n\\n2024-03-10\\n\\n## Timeline\\n\\n- 10:00 UTC Full.\\n- 10:30 UTC Mended.\\n"
text += "\\n## Action items\\n\\n- Alert earlier\\n"
read = read_postmortem(text, zone=UTC)
def import_text(source, actor):
    return import_read(read, source=source, actor=actor, now=timezone.now(), time_zone="UTC")
seed = import_text(text + "Seed.", first).postmortem
own = render_markdown_file(build_document(seed))
def import_file(source, actor):
    return import_own(source, actor=actor, now=timezone.now())
for act, source in [(import_text, text), (import_file, own)]:
    before, together, made, failed = Incident.objects.count(), Barrier(4), [], []
    def send(actor):
        together.wait()
        try:
            made.append(act(source, actor))
        except BaseException as error:
            failed.append(repr(error))
        connection.close()
    threads = [Thread(target=send, args=(people[number % 2],)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not failed, failed
    assert len({each.postmortem.pk for each in made}) == 1, made
    assert [each.is_new for each in made].count(True) == 1, made
    assert Incident.objects.count() == before + 1
    incident = made[0].postmortem.incident
    assert incident.events.filter(source="import").count() == 2
    assert incident.action_items.count() == 1
"""
