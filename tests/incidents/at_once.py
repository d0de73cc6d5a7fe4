"""What people do at the same moment, as a script for an installation of its own: SQLite in a file, or PostgreSQL."""

DECLARING = """
from threading import Barrier, Thread
from django.db import connection
from django.utils import timezone
from accounts.services.people import first_administrator
from incidents.models import Incident
from incidents.services.declaration import declare_incident
actor, together, made, before = first_administrator(), Barrier(4), [], Incident.objects.count()
def send():
    together.wait()
    made.append(declare_incident(title="It is down", actor=actor, now=timezone.now(), submission_key="a").pk)
    connection.close()
threads = [Thread(target=send) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(made) == 4 and len(set(made)) == 1, made
assert Incident.objects.count() == before + 1
"""
# Each of two is merged into the other: one is, and the other hears that it cannot be.
MERGING = """
from threading import Barrier, Thread
from django.db import connection
from django.utils import timezone
from accounts.services.people import first_administrator
from incidents.errors import IncidentError
from incidents.models import Incident
from incidents.services.declaration import declare_incident
from incidents.services.merging import merge_incident
actor, together, heard = first_administrator(), Barrier(2), []
one, other = [declare_incident(title=title, actor=actor, now=timezone.now()) for title in ("One", "Other")]
def merge(incident, target):
    together.wait()
    try:
        merge_incident(incident, duplicate_of=target, actor=actor, now=timezone.now())
    except IncidentError as error:
        heard.append(str(error))
    connection.close()
threads = [Thread(target=merge, args=pair) for pair in ((one, other), (other, one))]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(heard) == 1, heard
assert Incident.objects.filter(pk__in=[one.pk, other.pk]).exclude(duplicate_of=None).count() == 1
"""
# Two correct events, the last first, while the incident is merged and taken out again: each waits for its turn.
EDITING = """
from threading import Event, Thread, get_ident
from django.db import connection
from django.db.models import F
from django.utils import timezone
from accounts.services.people import first_administrator
from incidents.models import Incident, TimelineEvent
from incidents.services.declaration import declare_incident
from incidents.services.merging import merge_incident, unmerge_incident
from incidents.services.timeline import add_event, correct_event
actor, over, heard, corrected = first_administrator(), Event(), [], []
one, other = [declare_incident(title=title, actor=actor, now=timezone.now()) for title in ("One", "Other")]
events = [add_event(one, text=f"Event {n}", actor=actor, now=timezone.now()) for n in range(20)]
def edit():
    try:
        while not over.is_set():
            for event in reversed(events):
                text = f"{get_ident()} {len(corrected)}"
                correct_event(event, now=timezone.now(), text=text, occurred_at=event.occurred_at)
                corrected.append(text)
    except Exception as error:
        heard.append(repr(error))
    connection.close()
threads = [Thread(target=edit) for _ in range(2)]
[thread.start() for thread in threads]
try:
    for _ in range(8):
        merged = merge_incident(one, duplicate_of=other, actor=actor, now=timezone.now())
        unmerge_incident(merged, actor=actor, now=timezone.now())
finally:
    over.set()
    [thread.join() for thread in threads]
assert corrected and not heard, heard
assert not TimelineEvent.objects.filter(revision__gt=F("incident__revision")).exists()
"""
# While one of a severity is being edited, another one can be; on PostgreSQL, where rows are locked one by one.
EDITING_FACTS = """
from threading import Thread
from django.db import connection, transaction
from django.utils import timezone
from accounts.services.people import first_administrator
from incidents.services.declaration import declare_incident
from incidents.services.facts import change_facts
actor, heard = first_administrator(), []
one, other = [declare_incident(title=title, actor=actor, now=timezone.now()) for title in ("One", "Other")]
def edit():
    try:
        connection.cursor().execute("SET lock_timeout = '10s'")
        change_facts(other, actor=actor, now=timezone.now(), title="New")
    except Exception as error:
        heard.append(repr(error))
    connection.close()
with transaction.atomic():
    change_facts(one, actor=actor, now=timezone.now(), title="New")
    thread = Thread(target=edit)
    thread.start()
    thread.join()
assert not heard, heard
"""
# A file and a piece of evidence are removed by one person and brought back by another, again and again.
REMOVING = """
from threading import Thread
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from accounts.services.people import first_administrator
from incidents.services.attachments import attach_file, remove_attachment, restore_attachment
from incidents.services.declaration import declare_incident
from recovery.services.evidence import attach_link, restore_evidence, withdraw_evidence
said = {"actor": first_administrator(), "now": timezone.now()}
incident = declare_incident(title="It is down", **said)
file = attach_file(incident, file=SimpleUploadedFile("app.log", b"It broke"), actor=said["actor"])
link = attach_link(incident, url="https://example.org/", caption="Graph", **said)
acts = [
    lambda: remove_attachment(file, now=said["now"]),
    lambda: restore_attachment(file),
    lambda: withdraw_evidence(link, **said),
    lambda: restore_evidence(link, **said),
]
heard = []
def repeat(act):
    try:
        for _ in range(100):
            act()
    except Exception as error:
        heard.append(repr(error))
    connection.close()
threads = [Thread(target=repeat, args=(act,)) for act in acts]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not heard, heard
"""
# Each of four takes command: one has it, and the others hear who was quicker.
COMMANDING = """
from threading import Barrier, Thread
from django.db import connection
from django.utils import timezone
from accounts.models import User
from accounts.services.people import first_administrator
from incidents.errors import IncidentError
from incidents.services.declaration import declare_incident
from incidents.services.roles import assign_role
incident = declare_incident(title="It is down", actor=first_administrator(), now=timezone.now())
people = [User.objects.create_user(f"commander{n}", role="responder") for n in range(4)]
before, together, heard = incident.events.count(), Barrier(4), []
def take(person):
    together.wait()
    try:
        assign_role(incident, role="commander", person=person, actor=person, now=timezone.now())
    except IncidentError as error:
        heard.append(str(error))
    connection.close()
threads = [Thread(target=take, args=(person,)) for person in people]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
holder = incident.role_assignments.get(role="commander", released_at=None).person
assert len(heard) == 3 and all(text.startswith(f"Somebody else was quicker: {holder} ") for text in heard), heard
assert incident.events.count() == before + 1
"""
# Somebody joins the team that sees one incident, while another that they may not see is merged into it: one is refused.
JOINING = """
from threading import Barrier, Thread
from django.db import connection
from django.utils import timezone
from accounts.errors import AccountError
from accounts.models import Team, User
from accounts.services.people import first_administrator
from accounts.services.teams import change_team
from incidents.errors import IncidentError
from incidents.models import Incident
from incidents.services.declaration import declare_incident
from incidents.services.merging import merge_incident
said = {"actor": first_administrator(), "now": timezone.now()}
bob = User.objects.create_user("bob", role="responder")
def attempt(together, heard, act):
    together.wait()
    try:
        act()
    except (AccountError, IncidentError) as error:
        heard.append(type(error).__name__)
    connection.close()
for number in range(12):
    team = Team.objects.create(name=f"Team {number}")
    team.members.add(said["actor"])
    source = declare_incident(title="One", visibility="restricted", **said)
    target = declare_incident(title="Other", visibility="restricted", teams=[team], **said)
    acts = [
        lambda: change_team(team, name=team.name, members=[said["actor"], bob]),
        lambda: merge_incident(source, duplicate_of=target, **said),
    ]
    together, heard = Barrier(2), []
    threads = [Thread(target=attempt, args=(together, heard, act)) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    is_merged = Incident.objects.get(pk=source.pk).duplicate_of_id == target.pk
    assert is_merged != team.members.contains(bob), (number, is_merged, heard)
    assert heard == (["AccountError"] if is_merged else ["IncidentError"]), heard
"""
