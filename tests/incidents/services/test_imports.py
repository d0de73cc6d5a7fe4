"""Post-mortems of others become records, all of one file or nothing of it."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.markdown import render_markdown_file
from incidents.errors import IncidentError
from incidents.lengths import SECTION_TEXT
from incidents.models import Incident, Mode, Postmortem, SectionVersion, TimelineEvent
from incidents.readers.read import read_postmortem
from incidents.services.imports import Imported, import_own, import_read, is_own
from incidents.services.section_order import MOST_SECTIONS
from tests.factories import make_user
from tests.incidents.readers.own import DOCUMENTS
from tests.incidents.readers.samples import read_text, sample_files

NOW = datetime(2024, 3, 10, 12, tzinfo=UTC)
CHECKOUT = DOCUMENTS["2021-02-03-checkout.md"]


def imported(text: str, actor: User, name: str = "") -> Imported:
    read = read_postmortem(text, zone=UTC, name=name)
    return import_read(read, source=text, actor=actor, now=NOW, time_zone="UTC")


@pytest.fixture
def checkout(responder: User) -> Postmortem:
    make_user("nok")
    return imported(CHECKOUT, responder).postmortem


def test_it_is_a_retrospective_incident_that_is_over(checkout: Postmortem) -> None:
    incident = checkout.incident
    assert (incident.title, incident.mode, incident.severity.level) == ("Checkout was slow", Mode.RETROSPECTIVE, 2)
    assert incident.impact_started_at == datetime(2021, 2, 3, 16, 50, tzinfo=UTC)
    assert incident.resolved_at == datetime(2021, 2, 4, 11, 15, tzinfo=UTC)
    assert checkout.author_line == "Nok Srisai, Lek"


def test_the_timeline_is_there_as_an_import(checkout: Postmortem) -> None:
    events = checkout.incident.events.filter(source=TimelineEvent.Source.IMPORT)
    assert events[0].text == "The queue grew."
    assert events.count() == 5
    assert events.get(text__startswith="Workers").ended_at == datetime(2021, 2, 3, 17, 40, tzinfo=UTC)


def test_causes_and_items_are_there(checkout: Postmortem) -> None:
    kinds = checkout.incident.root_causes.values_list("kind", flat=True)
    assert sorted(kinds) == ["contributing_factor", "contributing_factor", "root_cause"]
    done, open_one = checkout.incident.action_items.all()
    assert (done.status, str(done.owner_person), str(done.due_date)) == ("done", "nok", "2021-03-01")
    # Nobody is called so.
    assert (open_one.title, open_one.owner) == ("Size the pool by traffic (lek)", None)


def test_prose_stands_in_its_section_with_where_it_came_from(checkout: Postmortem) -> None:
    assert checkout.sections.get(key="summary").body.startswith("Requests to the checkout")
    section = checkout.sections.get(key="went_well")
    assert "Customers were told within minutes." in section.body
    assert section.versions.latest("number").origin == SectionVersion.Origin.IMPORTED
    assert "- **ticket:** OPS-77" in checkout.sections.get(title="Particulars").body


def test_the_same_file_twice_makes_nothing(checkout: Postmortem, responder: User) -> None:
    again = imported(f"{CHECKOUT}\r\n", responder)
    assert (again.postmortem, again.is_new) == (checkout, False)
    assert Incident.objects.count() == 1


def test_what_the_other_may_not_see_is_not_named(checkout: Postmortem) -> None:
    Incident.objects.update(visibility="restricted")
    again = imported(CHECKOUT, make_user("another"))
    assert again.is_new
    assert again.postmortem != checkout


def test_what_lies_in_the_future_leaves_nothing_behind(responder: User) -> None:
    with pytest.raises(IncidentError, match="future"):
        imported("# A\n\n## Timeline\n\n- 2030-01-01 10:00 UTC Later\n- 2030-01-01 11:00 UTC Later still\n", responder)
    assert not Incident.objects.exists()


def test_a_document_without_any_time_says_what_was_assumed(responder: User) -> None:
    made = imported("# Something broke\n\nIt did.\n", responder)
    assert made.postmortem.incident.resolved_at == NOW
    assert any("names no day" in remark for remark in made.remarks)
    assert "The document names no severity, so the incident has SEV3 until somebody corrects it." in made.remarks


def test_every_document_becomes_one(responder: User) -> None:
    for name, text in DOCUMENTS.items():
        made = imported(text, responder, name)
        assert build_document(made.postmortem).sections


def test_debriefs_own_file_is_recognised_and_comes_back_once(checkout: Postmortem, responder: User) -> None:
    text = render_markdown_file(build_document(checkout))
    assert is_own(text)
    assert not is_own(CHECKOUT)
    assert not is_own('{"format": "another"}')
    first = import_own(text, actor=responder, now=NOW)
    assert first.is_new
    assert not import_own(text, actor=responder, now=NOW).is_new
    assert Incident.objects.count() == 2


def test_who_lost_sight_of_it_gets_another_and_the_first_stays_as_it_was(checkout: Postmortem, responder: User) -> None:
    events = checkout.incident.events.count()
    Incident.objects.update(visibility="restricted")
    again = imported(CHECKOUT, responder)
    assert again.postmortem != checkout
    assert checkout.incident.events.count() == events


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"[\w\u0e31-\u0e4e]+", text.lower().replace("_", " ")))


@pytest.mark.parametrize("name", [*DOCUMENTS, *(path.name for path in sample_files())])
def test_no_word_that_was_read_is_lost_on_the_way_into_records(responder: User, name: str) -> None:
    text = DOCUMENTS.get(name) or next(read_text(path) for path in sample_files() if path.name == name)
    read = read_postmortem(text, zone=UTC, name=name)
    made = import_read(read, source=text, actor=responder, now=timezone.now(), time_zone="UTC").postmortem
    incident = made.incident
    kept = [incident.title, made.author_line]
    kept += incident.events.values_list("text", flat=True)
    kept += incident.root_causes.values_list("statement", flat=True)
    kept += incident.action_items.values_list("title", flat=True)
    kept += [f"{section.title}\n{section.body}" for section in made.sections.all()]
    parts = [read.title, *(event.text for event in read.events), *(cause.statement for cause in read.causes)]
    parts += [f"{item.title} {item.group} {item.owner}" for item in read.items]
    parts += [f"{section.title}\n{section.body}" for section in read.sections if section.body]
    parts += [": ".join(pair) for pair in read.particulars]
    assert words_of("\n".join(parts)) - words_of("\n".join(kept)) == Counter()


def test_what_is_longer_than_a_section_goes_on_in_others(responder: User) -> None:
    words = "".join(f"Word {number}.\n\n" for number in range(20_000))
    sections = imported(f"# A\n\n## Impact\n\n{words}## Part\n\n{words}", responder).postmortem.sections.all()
    bodies = [section.body for section in sections]
    assert max(map(len, bodies)) <= SECTION_TEXT
    assert Counter(re.findall(r"Word \d+\.", "\n".join(bodies))) == Counter(re.findall(r"Word \d+\.", words * 2))
    assert [section.title for section in sections if section.body].count("Part") == 3


def test_as_many_sections_as_fit_stand_by_themselves(responder: User) -> None:
    text = "# A\n\n" + "".join(f"## Part {number}\n\nText {number}.\n\n" for number in range(60))
    sections = imported(text, responder).postmortem.sections.filter(removed_at=None).order_by("position")
    assert sections.count() == MOST_SECTIONS
    last = sections.reverse()[0]
    assert last.title == "More"
    assert last.body.endswith("# Part 59\n\nText 59.")
    assert sections.get(title="Part 20").body == "Text 20."


def test_the_title_of_the_document_is_no_heading_in_it(responder: User) -> None:
    made = imported("# All services answer 503\n\nThey did for an hour.\n", responder)
    assert made.postmortem.incident.title == "All services answer 503"
    assert [one.body for one in made.postmortem.sections.exclude(body="")] == ["They did for an hour."]
