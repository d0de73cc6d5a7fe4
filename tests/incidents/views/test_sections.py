from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from incidents.models import Incident, IncidentGrant, PostmortemSection, SectionPresence
from incidents.services.sections import save_section
from tests.factories import make_user
from tests.incidents.conftest import THEN, Scene

STORY = "The disk filled up. Nobody saw the alert. The replica had everything."


def address(name: str, scene: Scene, *more: str) -> str:
    return reverse(f"incidents:{name}", args=[scene.incident.number, *more])


@pytest.fixture
def ann() -> User:
    return make_user("ann", name="Ann Other")


@pytest.fixture
def story(scene: Scene, responder: User) -> PostmortemSection:
    """With a story; its version is 2."""
    return save_section(scene.section, body=STORY, actor=responder, now=THEN).section


@pytest.fixture
def theirs(story: PostmortemSection, ann: User) -> PostmortemSection:
    """What Ann made of it; its version is 3."""
    return save_section(story, body=STORY.replace("disk", "volume"), actor=ann, now=THEN).section


def test_autosave_answers_with_the_version(as_responder: Client, scene: Scene, story: PostmortemSection) -> None:
    here = address("section_text", scene, "lessons")
    answer = as_responder.post(here, {"body": f"{STORY} More.", "seen": "2"}).json()
    assert answer["version"] == 3
    assert answer["words"].startswith("Saved ")
    assert "text" not in answer
    assert as_responder.post(here, {"body": f"{STORY} More.", "seen": "2"}).json()["version"] == 3
    story.refresh_from_db()
    assert story.body == f"{STORY} More."


def test_autosave_brings_what_others_wrote(as_responder: Client, scene: Scene, theirs: PostmortemSection) -> None:
    mine = STORY.replace("replica", "copy")
    answer = as_responder.post(address("section_text", scene, "lessons"), {"body": mine, "seen": "2"}).json()
    assert answer["text"] == mine.replace("disk", "volume")
    assert answer["words"].startswith("Merged with what Ann Other wrote, saved ")


def test_autosave_asks_where_the_same_words_changed(
    as_responder: Client, scene: Scene, theirs: PostmortemSection, stored: Any
) -> None:
    known = stored()
    sent = {"body": STORY.replace("disk", "<b>partition"), "seen": "2"}
    response = as_responder.post(address("section_text", scene, "lessons"), sent)
    assert response.status_code == 409
    panel = response.json()["panel"]
    assert "<ins>&lt;b&gt;partition</ins>" in panel
    assert "<ins>volume</ins>" in panel
    assert 'name="resolves" value="3"' in panel
    assert stored() == known


@pytest.mark.parametrize(
    ("choice", "body", "versions"),
    [("mine", STORY.replace("disk", "partition"), 4), ("theirs", STORY.replace("disk", "volume"), 5)],
)
def test_a_clash_is_settled_by_a_choice_and_nothing_is_lost(
    as_responder: Client, scene: Scene, theirs: PostmortemSection, choice: str, body: str, versions: int
) -> None:
    here = address("section_edit", scene, "lessons")
    sent = {"body": STORY.replace("disk", "partition"), "seen": "2"}
    page = as_responder.post(here, sent)
    assert page.status_code == 422
    assert "partition filled up. Nobody saw the alert. The replica had everything.</textarea>" in page.content.decode()
    assert as_responder.post(here, sent | {"resolves": "3", "choice": choice}).status_code == 302
    theirs.refresh_from_db()
    assert (theirs.body, theirs.version) == (body, versions)
    kept = " ".join(theirs.versions.values_list("added", flat=True))
    assert "partition" in kept
    assert "volume" in kept


def test_both_are_offered_in_one_text_and_saved_over_what_stood(
    as_responder: Client, scene: Scene, theirs: PostmortemSection, stored: Any
) -> None:
    here, known = address("section_edit", scene, "lessons"), stored()
    sent = {"body": STORY.replace("disk", "partition"), "seen": "2", "resolves": "3", "choice": "both"}
    page = as_responder.post(here, sent).content.decode()
    assert "The volume partition filled up." in page
    assert 'name="seen" value="3"' in page
    assert stored() == known
    # A version that never was leaves the clash as it is.
    assert as_responder.post(here, sent | {"resolves": "99"}).status_code == 422


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999", "๓"])
def test_a_version_that_is_none_loses_nothing(
    as_responder: Client, scene: Scene, story: PostmortemSection, seen: str
) -> None:
    response = as_responder.post(address("section_text", scene, "lessons"), {"body": "Mine", "seen": seen})
    assert response.status_code == 409
    story.refresh_from_db()
    assert story.body == STORY


def test_a_text_too_long_is_refused_with_a_sentence(as_responder: Client, scene: Scene) -> None:
    response = as_responder.post(address("section_text", scene, "lessons"), {"body": "a" * 100_001, "seen": "1"})
    assert response.status_code == 422
    assert "100001 characters and at most 100000 fit" in response.json()["words"]


ROUTES = ["section_text", "section_preview", "section_presence", "section_restoration"]


@pytest.mark.parametrize("route", ROUTES)
def test_who_may_write_and_how(
    as_viewer: Client, as_responder: Client, client: Client, scene: Scene, stored: Any, route: str
) -> None:
    here, known = address(route, scene, "lessons"), stored()
    assert as_viewer.post(here, {"body": "x", "seen": "1", "number": "1"}).status_code == 403
    assert as_responder.get(here).status_code == 405
    assert as_responder.post(address(route, scene, "nothing")).status_code == 404
    assert Client().post(here).headers["Location"].startswith("/accounts/login/")
    assert stored() == known


def test_nothing_of_a_restricted_incident_is_told(as_responder: Client, ann: User, scene: Scene) -> None:
    Incident.objects.filter(pk=scene.incident.pk).update(visibility="restricted")
    IncidentGrant.objects.create(incident=scene.incident, person=ann, granted_by=ann)
    for route in ("postmortem_changes", "completions", "postmortem_people_edit"):
        assert as_responder.get(address(route, scene)).status_code == 404
    assert as_responder.get(address("section_history", scene, "lessons")).status_code == 404
    for route in ROUTES:
        assert as_responder.post(address(route, scene, "lessons")).status_code == 404


def test_the_preview_shows_references_and_stores_nothing(as_responder: Client, scene: Scene, stored: Any) -> None:
    known = stored()
    body = {"body": f"**See** {scene.item.reference} and ACT-99999"}
    page = as_responder.post(address("section_preview", scene, "lessons"), body).content.decode()
    assert "<strong>See</strong>" in page
    assert f"#action-{scene.item.number}" in page
    assert "ACT-99999" in page
    assert stored() == known


def test_closing_offers_to_take_back_what_was_written_since(
    as_responder: Client, scene: Scene, story: PostmortemSection, ann: User, responder: User, htmx: dict[str, str]
) -> None:
    here = f"{address('section_edit', scene, 'lessons')}?cancel&opened=2"
    assert "Take it back" not in as_responder.get(here, headers=htmx).content.decode()
    story = save_section(story, body=f"{STORY} Mine.", actor=responder, now=THEN).section
    save_section(story, body=f"First. {STORY} Mine.", actor=ann, now=THEN)
    assert "Take it back" in as_responder.get(here, headers=htmx).content.decode()
    restoration = address("section_restoration", scene, "lessons")
    assert as_responder.post(restoration, {"number": "2", "mine": ""}).status_code == 302
    story.refresh_from_db()
    assert story.body == f"First. {STORY}"


def test_presence_is_written_down_seldom_and_forgotten(
    as_responder: Client, scene: Scene, ann: User, responder: User
) -> None:
    here = address("section_presence", scene, "lessons")
    assert "writing here" not in as_responder.post(here).content.decode()
    first = SectionPresence.objects.get(person=responder).seen_at
    as_responder.post(here)
    assert SectionPresence.objects.get(person=responder).seen_at == first
    hers = SectionPresence.objects.create(section=scene.section, person=ann, seen_at=timezone.now())
    assert "Ann Other is writing here too" in as_responder.post(here).content.decode()
    assert "Ann Other is writing here" in as_responder.get(address("postmortem", scene)).content.decode()
    hers.seen_at = timezone.now() - timedelta(seconds=31)
    hers.save()
    assert "writing here" not in as_responder.post(here).content.decode()
    assert "writing here" not in as_responder.get(address("postmortem", scene)).content.decode()
    assert as_responder.post(here, {"leaving": ""}).status_code == 204
    assert not SectionPresence.objects.filter(person=responder).exists()


def test_the_page_hears_of_what_was_saved(
    as_viewer: Client, scene: Scene, story: PostmortemSection, responder: User, ann: User
) -> None:
    here = address("postmortem_changes", scene)
    state = as_viewer.get(address("postmortem", scene)).context["state"]
    assert "lessons.2" in state
    assert as_viewer.get(here, {"state": state, "writing": ""}).status_code == 204
    save_section(story, body="Changed", actor=responder, now=THEN)
    page = as_viewer.get(here, {"state": state, "writing": ""}).content.decode()
    assert page.count("<section") == 1
    assert "Changed" in page
    assert "lessons.3" in page
    # Nobody writes who only reads.
    assert "section_edit" not in page
    SectionPresence.objects.create(section=story, person=ann, seen_at=timezone.now())
    page = as_viewer.get(here, {"state": state.replace("lessons.2", "lessons.3")}).content.decode()
    assert page.count("<section") == 0
    assert "Ann Other is writing here" in page


def test_a_version_is_brought_back_by_whoever_may_write(
    as_responder: Client, as_viewer: Client, scene: Scene, theirs: PostmortemSection
) -> None:
    here = address("section_history", scene, "lessons")
    page = as_responder.get(here).content.decode()
    assert page.count("<del>disk</del><ins>volume</ins>") == 1
    assert "Bring back version 2" in page
    assert "Bring back version 3" not in page
    assert "Bring back" not in as_viewer.get(here).content.decode()
    restoration = address("section_restoration", scene, "lessons")
    page = as_responder.post(restoration, {"number": "2"}, follow=True).content.decode()
    assert "It was brought back as version 4." in page
    assert "Brought back" in page
    theirs.refresh_from_db()
    assert theirs.body == STORY
    page = as_responder.post(restoration, {"number": "77"}, follow=True).content.decode()
    assert "There is no version 77 of this section." in page


def test_a_long_history_is_shown_in_parts(as_responder: Client, scene: Scene, responder: User) -> None:
    section = scene.section
    for count in range(25):
        now = THEN + timedelta(hours=count)
        section = save_section(section, body=f"{section.body} {count}", actor=responder, now=now).section
    here = address("section_history", scene, "lessons")
    newest = as_responder.get(here).content.decode()
    assert newest.count('id="version-') == 20
    assert "?before=7" in newest
    oldest = as_responder.get(here, {"before": "7"}).content.decode()
    assert oldest.count('id="version-') == 5
    assert "The section was begun empty." in oldest


def test_the_author_and_the_facilitator_are_changed(as_responder: Client, scene: Scene, ann: User) -> None:
    here = address("postmortem_people_edit", scene)
    sent = {"author": ann.pk, "facilitator": "", "seen": as_responder.get(here).context["form"]["seen"].value()}
    assert as_responder.post(here, sent).headers["Location"] == address("postmortem", scene)
    assert "by Ann Other" in as_responder.get(address("postmortem", scene)).content.decode()
    # Over what nobody has seen nothing is written.
    assert as_responder.post(here, sent | {"facilitator": ann.pk}).status_code == 422
