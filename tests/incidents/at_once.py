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
