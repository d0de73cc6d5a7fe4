"""What a search finds, in which order, and for whom. tests/project/test_same_on_postgresql.py runs it there as well."""

from typing import Any

import pytest

from accounts.models import User
from incidents.models import ActionItem, Incident, IncidentGrant, PostmortemSection, TimelineEvent
from incidents.queries import candidates
from incidents.queries.search import Search, search
from incidents.search.index import engine
from incidents.search.kinds import Kind
from incidents.services.drafts import start_postmortem
from incidents.services.sections import save_section
from tests.factories import make_event, make_incident, make_team, make_user


@pytest.fixture
def user(db: None) -> User:
    return make_user("reader")


def numbers(found: Search) -> list[int]:
    return [result.incident.number for result in found.results]


def counts(found: Search) -> dict[str, int]:
    return {str(facet.kind.value): facet.count for facet in found.facets if facet.count}


def marked(found: Search) -> set[str]:
    results = found.results
    parts = [part for result in results for part in result.title]
    parts += [part for result in results for hit in result.hits for part in (*hit.title, *hit.excerpt)]
    return {part.text for part in parts if part.is_hit}


def restrict(incident: Incident) -> Incident:
    incident.visibility = "restricted"
    incident.save(update_fields=["visibility"])
    return incident


def write_section(incident: Incident, body: str, key: str = "lessons") -> PostmortemSection:
    section = start_postmortem(incident, actor=incident.declared_by).sections.get(key=key)
    return save_section(section, body=body, actor=incident.declared_by, now=incident.declared_at).section


@pytest.mark.parametrize("place", ["title", "summary", "impact", "data_lost"])
def test_an_incident_is_found_by_each_of_its_texts(user: User, place: str) -> None:
    make_incident(user, "Another")
    incident = make_incident(user)
    setattr(incident, place, "The turbopump failed")
    incident.save(update_fields=[place])
    found = search(user, "turbopump")
    assert (numbers(found), marked(found)) == ([incident.number], {"turbopump"})


def test_events_sections_and_action_items_are_found(user: User) -> None:
    incident = make_incident(user)
    make_event(incident, "The turbopump failed")
    write_section(incident, "- We had only one **turbopump**")
    ActionItem.objects.create(incident=incident, title="Buy a turbopump")
    ActionItem.objects.create(incident=incident, title="No", status="not_doing", reason="One turbopump is enough")
    assert counts(search(user, "turbopump")) == {"event": 1, "postmortem": 1, "action": 2}
    for kind in (Kind.EVENT, Kind.SECTION, Kind.ACTION_ITEM):
        assert {hit.kind for hit in search(user, "turbopump", kind=kind).results[0].hits} == {kind}


def test_words_are_found_in_any_order_and_all_of_them(user: User) -> None:
    incident = make_incident(user, "The replica of the database was full")
    make_incident(user, "The database was slow")
    assert numbers(search(user, "full DATABASE replica")) == [incident.number]
    assert numbers(search(user, "full checkout")) == []


def test_a_phrase_stays_together_and_a_minus_leaves_out(user: User) -> None:
    together, apart = make_incident(user, "The disk was full"), make_incident(user, "Full of joy, the disk went on")
    assert numbers(search(user, '"disk was full"')) == [together.number]
    assert numbers(search(user, '"full disk"')) == []
    assert set(numbers(search(user, "disk full"))) == {together.number, apart.number}
    assert numbers(search(user, "disk -joy")) == [together.number]
    assert numbers(search(user, 'disk -"was full"')) == [apart.number]


def test_a_phrase_is_found_across_marks_and_lines(user: User) -> None:
    incident = make_incident(user)
    make_event(incident, "the **disk**\nwas `full`")
    found = search(user, '"disk was full"')
    assert (numbers(found), marked(found)) == ([incident.number], {"disk was full"})


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Café au lait", "CAFE"),
        ("Cafe au lait", "café"),
        ("CAFÉ AU LAIT", "café au"),
        ("cafe\u0301 au lait", "café"),
        ("ฐานข้อมูลล่มเพราะดิสก์เต็ม", "ข้อมูลล่ม"),
        ("ฐานข้อมูลล่มเพราะดิสก์เต็ม", "ดิสก์ ฐานข้อมูล"),
        ("ระบบทำงาน", "ทํางาน"),
        ("ล่ม", "ล่ม"),
        ("max_connections = 100%", "max_connections"),
        ("100% of C:\\data", "100% c:\\data"),
        ('He said "no way"', "“no way”"),
        ("it's ' OR 1=1 --", "' OR 1=1 --"),
        ("NEAR(a b) AND title:x*", "title:x*"),
    ],
)
def test_letters_that_count_as_equal_are_found(user: User, text: str, typed: str) -> None:
    make_incident(user, "Something else")
    incident = make_incident(user, text)
    assert numbers(search(user, typed)) == [incident.number]


@pytest.mark.parametrize("typed", ["maxxconnections", "100x", "เสือ"])
def test_signs_and_thai_marks_stand_for_themselves(user: User, typed: str) -> None:
    make_incident(user, "max_connections 100% เสื้อ")
    assert numbers(search(user, typed)) == []


def test_titles_come_first_then_what_was_written_about_it_then_the_system(user: User) -> None:
    titled = make_incident(user, "Turbopump stopped")
    spoken = make_incident(user)
    make_event(spoken, "The turbopump stopped")
    noted = make_incident(user)
    make_event(noted, "Turbopump", source=TimelineEvent.Source.SYSTEM)
    assert numbers(search(user, "turbopump")) == [titled.number, spoken.number, noted.number]


def test_whole_words_come_before_parts_of_words(user: User) -> None:
    whole, part = make_incident(user, "The port was taken"), make_incident(user, "The report was late")
    assert numbers(search(user, "port")) == [whole.number, part.number]


def test_hidden_events_are_found_and_say_so(user: User) -> None:
    incident = make_incident(user)
    make_event(incident, "The turbopump failed", is_hidden=True)
    assert [hit.detail for hit in search(user, "turbopump").results[0].hits] == ["hidden"]


def test_an_incident_shows_its_best_records_and_says_how_many_more(user: User) -> None:
    incident = make_incident(user)
    for _ in range(5):
        make_event(incident, "The turbopump failed")
    result = search(user, "turbopump").results[0]
    assert (len(result.hits), result.further) == (3, 2)


def test_what_is_restricted_is_found_by_those_it_names_alone(user: User) -> None:
    incident = restrict(make_incident(user, "The turbopump failed"))
    make_event(incident, "turbopump")
    write_section(incident, "turbopump")
    ActionItem.objects.create(incident=incident, title="turbopump")
    outside = search(user, "turbopump")
    assert (numbers(outside), counts(outside), outside.count) == ([], {}, 0)
    named, member = make_user("named"), make_user("member")
    IncidentGrant.objects.create(incident=incident, person=named)
    team = make_team()
    team.members.add(member)
    IncidentGrant.objects.create(incident=incident, team=team)
    for person in (named, member):
        assert counts(search(person, "turbopump")) == {"incident": 1, "event": 1, "postmortem": 1, "action": 1}


def test_restricted_records_take_no_place_from_visible_ones(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a search that ends early would say that there is something else."""
    monkeypatch.setattr(candidates, "MOST", dict.fromkeys(Kind, 2))
    monkeypatch.setattr(candidates, "RECENT", dict.fromkeys(Kind, 4))
    visible = [make_event(make_incident(user), f"turbopump {n}").incident.number for n in range(2)]
    for _ in range(5):
        make_event(restrict(make_incident(user, "turbopump")), "turbopump")
    for typed in ("turbopump", "tu"):
        assert set(numbers(search(user, typed, kind=Kind.EVENT))) == set(visible)


def test_short_words_are_looked_for_in_recent_records_and_named(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    old = make_incident(user, "The db was old")
    new = make_incident(user, "The DB was new")
    found = search(user, "db")
    assert (set(numbers(found)), found.short) == ({old.number, new.number}, ("db",))
    assert numbers(search(user, "db old")) == [old.number]
    assert numbers(search(user, "the -db")) == []
    monkeypatch.setattr(candidates, "RECENT", dict.fromkeys(Kind, 1))
    assert numbers(search(user, "db")) == [new.number]


def test_more_than_is_ranked_is_said(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MOST", dict.fromkeys(Kind, 2))
    for n in range(4):
        make_event(make_incident(user), f"turbopump {n}")
    found = search(user, "turbopump")
    assert found.is_partial
    assert {facet.kind: (facet.count, facet.is_full) for facet in found.facets}[Kind.EVENT] == (2, True)


def test_the_index_is_read_piece_by_piece_until_the_time_is_over(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine(), "PIECE", 2)
    monkeypatch.setattr(candidates, "SECONDS", 3600)
    events = [make_event(make_incident(user), f"turbopump {n}") for n in range(5)]
    assert counts(search(user, "turbopump")) == {"event": 5}
    monkeypatch.setattr(candidates, "SECONDS", -1)
    found = search(user, "turbopump")
    assert found.is_cut
    # What was looked at before the time was over is shown: the newest.
    assert events[-1].incident_id in numbers(found)
    assert 0 < counts(found)["event"] < 5


def test_pages_follow_the_ranking_and_end(user: User) -> None:
    made = [make_incident(user, f"turbopump {n}").number for n in range(45)]
    pages = [search(user, "turbopump", page=page) for page in (1, 2, 3, 99)]
    assert [(found.page, found.pages, len(found.results)) for found in pages] == [
        *((1, 3, 20), (2, 3, 20), (3, 3, 5), (3, 3, 5))
    ]
    assert sorted(number for found in pages[:3] for number in numbers(found)) == made


@pytest.mark.parametrize("typed", ["", "   ", "-nothing", '""', "**"])
def test_without_a_word_to_find_nothing_is_looked_up(user: User, django_assert_num_queries: Any, typed: str) -> None:
    with django_assert_num_queries(0):
        assert search(user, typed).results == []


def test_as_many_queries_for_many_records_as_for_few(user: User, django_assert_num_queries: Any) -> None:
    for count in (1, 30):
        for n in range(count):
            incident = make_incident(user, f"turbopump {n}")
            make_event(incident, "turbopump")
            ActionItem.objects.create(incident=incident, title="turbopump")
            write_section(incident, "turbopump")
        with django_assert_num_queries(10):
            search(user, "turbopump")
