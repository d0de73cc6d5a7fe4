"""What people do with one post-mortem at the same moment, as scripts: see at_once.py."""

NAMES = ["PUBLISHING", "REVIEWING", "ARRANGING", "BEGINNING", "EXPORTING"]

# `together` runs each act in a thread of its own, all at once, and gives what they returned or were refused with.
THREADS = """
from threading import Barrier, Thread
from django.db import connection
from django.utils import timezone
from accounts.models import User
from accounts.services.people import first_administrator
from incidents.errors import IncidentError
from incidents.models import *
from incidents.services.declaration import declare_incident
from incidents.services.drafts import start_postmortem
from incidents.services.sections import save_section
actor, now = first_administrator(), timezone.now()
said = {"actor": actor, "now": now}
def together(*acts):
    ready, done = Barrier(len(acts)), [None] * len(acts)
    def run(place, act):
        if connection.vendor == "sqlite":
            # Longer than people would wait for one another, as a busy machine may take.
            connection.cursor().execute("PRAGMA busy_timeout=300000")
        ready.wait()
        try:
            done[place] = act()
        except Exception as error:
            done[place] = error
        connection.close()
    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    bugs = [each for each in done if isinstance(each, Exception) and not isinstance(each, IncidentError)]
    assert not bugs, bugs
    return done
def refused(done):
    return [str(each) for each in done if isinstance(each, IncidentError)]
incident = declare_incident(title="It is down", **said)
def begin():
    return start_postmortem(declare_incident(title="It is down", **said), actor=actor)
"""
# Of those who publish at once one makes a version, and the others hear that it is there; numbers have no gap. Then
# the database itself is asked to alter what was published.
PUBLISHING = (
    THREADS  # noqa: S608  # Python, not SQL
    + """
from incidents.queries.publishing import question_keys
from incidents.services.checklist import answer_question, confirm_answers
from incidents.services.publications import publish_postmortem
postmortem = begin()
section = postmortem.sections.all()[0]
save_section(section, body="It was full.", **said)
for question in question_keys():
    answer_question(postmortem, question=question, answer="met", actor=actor)
def publish(words=""):
    return publish_postmortem(postmortem, what_changed=words, **said)
done = together(*[publish] * 4)
assert refused(done) == ["Say what changed since version 1; readers of it are told so."] * 3, done
for word in ("alpha", "beta", "gamma", "delta"):
    save_section(section, body=f"It was {word}.", **said)
    assert confirm_answers(postmortem, actor=actor) == 10
    done = together(*[lambda: publish("More")] * 3)
    assert len(refused(done)) == 2 and "Nothing changed since" in refused(done)[0], done
assert [one.number for one in postmortem.publications.all()] == [1, 2, 3, 4, 5]
before = "delta"
for word in ("epsilon", "zeta", "eta", "theta"):
    # Either is first: the version says what was written before it, and all of that.
    together(lambda: save_section(section, body=f"It was {word}.", **said), lambda: publish("More"))
    content = postmortem.publications.last().content
    assert (f"It was {word}." in content) != (f"It was {before}." in content)
    confirm_answers(postmortem, actor=actor)
    together(lambda: publish("More"))
    assert f"It was {word}." in postmortem.publications.last().content
    before = word
from django.db import IntegrityError
attacks = ["UPDATE incidents_publication SET number = number + 10", "DELETE FROM incidents_publication"]
every = "incidents_publication"
if connection.vendor == "postgresql":
    attacks += [f"TRUNCATE {every}", f"INSERT INTO {every} TABLE {every} ON CONFLICT (id) DO UPDATE SET sha256 = 'x'"]
else:
    attacks += [f"REPLACE INTO {every} SELECT * FROM {every}"]
for attack in attacks:
    try:
        with connection.cursor() as cursor:
            cursor.execute(attack)
    except IntegrityError:
        continue
    raise AssertionError(attack)
"""
)
# Whoever is asked decides, while others ask anew, take back what was asked, publish or say that none is required.
REVIEWING = (
    THREADS
    + """
from incidents.services.postmortem_status import change_postmortem_status
from incidents.services.reviews import ask_reviewers, decide_review, withdraw_review
reader = User.objects.create_user("reader", role="viewer")
other = User.objects.create_user("other", role="viewer")
postmortem = begin()
section = postmortem.sections.all()[0]
for number in range(8):
    change = {"reason": "A test", **said}
    ask_reviewers(postmortem, people=[reader], **said)
    review = postmortem.reviews.get(reviewer=reader)
    together(
        lambda: decide_review(review, decision="approved", actor=reader, now=now),
        lambda: withdraw_review(review, **said),
        lambda: ask_reviewers(postmortem, people=[reader, other], **said),
        lambda: save_section(section, body=f"It was full, {number}.", **said),
    )
    together(
        lambda: change_postmortem_status(postmortem.incident, status="not_required", **change),
        lambda: change_postmortem_status(postmortem.incident, status="not_required", **change),
    )
    postmortem.refresh_from_db()
    assert postmortem.status == "not_required"
    change_postmortem_status(postmortem.incident, status="draft", **said)
"""
)
# Sections are written, moved, removed and brought back: what was acknowledged is kept, and each has a place of its own.
ARRANGING = (
    THREADS
    + """
from incidents.services.outline import bring_back_section, change_heading, move_section, remove_section
postmortem = begin()
sections = list(postmortem.sections.all())
first = sections[0]
for number in range(10):
    known = PostmortemSection.objects.get(pk=first.pk)
    done = together(
        lambda: remove_section(first, now=now),
        lambda: save_section(first, body=f"Word {number}", base_version=known.version, **said),
        lambda: move_section(sections[1], direction="down"),
        lambda: move_section(sections[2], direction="up"),
        lambda: change_heading(first, title=f"Title {number}", prompt=""),
    )
    kept = PostmortemSection.with_removed.get(pk=first.pk)
    assert kept.removed_at and kept.title == f"Title {number}"
    is_saved = not isinstance(done[1], IncidentError)
    assert (kept.body == f"Word {number}") == is_saved, (kept.body, done)
    assert is_saved or "removed" in str(done[1]), done[1]
    together(lambda: bring_back_section(first), lambda: move_section(sections[-1], direction="up"))
    assert sorted(one.pk for one in postmortem.sections.all()) == sorted(one.pk for one in sections)
moves = [lambda one=one, way=way: move_section(one, direction=way) for one in sections[:6] for way in ("up", "down")]
assert not refused(together(*moves))
assert len({one.position for one in postmortem.sections.all()}) == len(sections)
known = PostmortemSection.objects.get(pk=first.pk)
done = together(*[
    lambda word=word: save_section(first, body=f"{known.body}\\n\\n{word}", base_version=known.version, **said)
    for word in ("alpha", "beta", "gamma")
])
first.refresh_from_db()
kept = first.body + "".join(version.added for version in first.versions.all())
assert all(word in kept for word, each in zip(("alpha", "beta", "gamma"), done) if not isinstance(each, Exception))
assert len(refused(done)) == 2, done
"""
)
# Documents are begun from a template that somebody removes, brings back and puts in another order meanwhile.
BEGINNING = (
    THREADS
    + """
from incidents.services.postmortem_templates import bring_back_template, copy_template, remove_template
from incidents.services.template_sections import move_section, remove_section, bring_back_section
template = PostmortemTemplate.objects.get(name="Lightweight")
sections = list(template.sections.all())
for _number in range(6):
    incident = declare_incident(title="It is down", **said)
    done = together(
        lambda: start_postmortem(incident, actor=actor, template=template),
        lambda: start_postmortem(incident, actor=actor),
        lambda: remove_template(template, now=now),
        lambda: move_section(sections[1], direction="down"),
        lambda: copy_template(template),
        lambda: remove_section(sections[2], now=now),
    )
    assert not refused(done), done
    assert done[0].pk == done[1].pk
    keys = [section.key for section in done[0].sections.all()]
    assert len(keys) == len(set(keys)) and len(keys) >= len(sections) - 1
    together(lambda: bring_back_template(template), lambda: bring_back_section(sections[2]))
"""
)
# A file of many is made while its documents are written, published and restricted: each is in it whole, or not at all.
EXPORTING = (
    THREADS
    + """
import json, zipfile
from config.celery import app
from incidents.queries.publishing import question_keys
from incidents.services.checklist import answer_question, confirm_answers
from incidents.services.exports import export_path, make_export, request_export
from incidents.services.publications import publish_postmortem
app.conf.broker_url = "memory://"
postmortems = [begin() for _ in range(4)]
for postmortem in postmortems:
    for question in question_keys():
        answer_question(postmortem, question=question, answer="met", actor=actor)
    save_section(postmortem.sections.all()[0], body="Word 0", **said)
def write():
    for number in range(1, 6):
        for postmortem in postmortems:
            save_section(postmortem.sections.all()[0], body=f"Word {number}", **said)
            confirm_answers(postmortem, actor=actor)
            publish_postmortem(postmortem, what_changed="More", **said)
for _number in range(2):
    numbers = [postmortem.incident_id for postmortem in postmortems]
    exports = [request_export(numbers, formats=["json", "md"], actor=actor) for _ in range(2)]
    make = [lambda export=export: make_export(export.pk, clock=timezone.now) for export in exports]
    # Each is told of twice, as by two workers.
    assert not refused(together(*make, *make))
    done = together(write, *make)
    assert not refused(done) or "Nothing changed" in refused(done)[0], done
    for export in exports:
        export.refresh_from_db()
        assert export.status == "ready", (export.status, export.error)
        with zipfile.ZipFile(export_path(export.pk)) as archive:
            assert archive.testzip() is None
            assert len(archive.namelist()) == 8
            assert all(json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json"))
"""
)
