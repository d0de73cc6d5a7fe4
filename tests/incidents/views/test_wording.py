"""Marks of wording while a section is written and over the whole document, and leaving them."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, PostmortemSection, WordingDismissal
from incidents.services.wording import dismiss_mark
from tests.conftest import signed_in
from tests.factories import make_user, make_wording_dismissal, make_wording_rule
from tests.incidents.conftest import Scene

TEXT = "The engineer forgot the flag.\n\nIt should have been tested."


def address(scene: Scene, name: str, *more: Any) -> str:
    return reverse(f"incidents:{name}", args=[scene.incident.number, scene.section.key, *more])


def document(scene: Scene) -> str:
    return reverse("incidents:wording", args=[scene.incident.number])


def write(scene: Scene, text: str) -> PostmortemSection:
    PostmortemSection.objects.filter(pk=scene.section.pk).update(body=text)
    return PostmortemSection.objects.get(pk=scene.section.pk)


def told(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def leave(rule: str = "en-forgot", phrase: str = "forgot", reason: str = "It is the name of a tool") -> dict[str, str]:
    return {"rule": rule, "phrase": phrase, "reason": reason}


def test_what_is_typed_is_marked_and_nothing_is_stored(
    as_responder: Client, scene: Scene, stored: Any, htmx: dict[str, str]
) -> None:
    before = stored()
    answer = as_responder.post(address(scene, "wording_marks"), {"body": TEXT}, headers=htmx)
    page = told(answer)
    assert answer.status_code == 200
    assert "2 phrases that could say more." in page
    assert 'data-start="13" data-end="19"' in page
    assert "The engineer <mark>forgot</mark> the flag." in page
    assert "Forgetting is normal." in page
    assert stored() == before


def test_places_count_as_browsers_do(as_responder: Client, scene: Scene) -> None:
    page = told(as_responder.post(address(scene, "wording_marks"), {"body": "😀\r\n😀 forgot"}))
    assert 'data-start="6" data-end="12"' in page


def test_names_of_people_are_known(as_responder: Client, scene: Scene) -> None:
    make_user("priya", name="Priya Rao")
    page = told(as_responder.post(address(scene, "wording_marks"), {"body": "Priya caused the outage."}))
    assert "<mark>Priya caused</mark>" in page


def test_what_is_marked_is_escaped(as_responder: Client, scene: Scene) -> None:
    body = "<script>alert(1)</script> He forgot <b>it</b>."
    page = as_responder.post(address(scene, "wording_marks"), {"body": body}).content.decode()
    assert "<script>alert" not in page
    assert "<b>" not in page


def test_a_text_beyond_the_limit_is_refused_with_a_sentence(as_responder: Client, scene: Scene) -> None:
    answer = as_responder.post(address(scene, "wording_marks"), {"body": "forgot " * 20_000})
    assert answer.status_code == 422
    assert "at most 100000 fit" in told(answer)


def test_of_very_many_marks_the_first_are_shown(as_responder: Client, scene: Scene) -> None:
    page = told(as_responder.post(address(scene, "wording_marks"), {"body": "He forgot it. " * 80}))
    assert page.count("data-start=") == 50
    assert "30 more appear as these are mended." in page


def test_a_mark_is_left_with_a_reason_and_marked_again(
    as_responder: Client, responder: User, scene: Scene, htmx: dict[str, str]
) -> None:
    here = address(scene, "dismissal_create")
    page = told(as_responder.post(here, leave() | {"body": TEXT}, headers=htmx))
    assert "“forgot” stays as it is. 1 phrase that could say more." in page
    assert "1 left as it is" in page
    dismissal = WordingDismissal.objects.get()
    assert (dismissal.section, dismissal.rule, dismissal.phrase) == (scene.section, "en-forgot", "forgot")
    assert (dismissal.reason, dismissal.dismissed_by) == ("It is the name of a tool", responder)
    page = told(as_responder.post(address(scene, "wording_marks"), {"body": TEXT}))
    assert "<mark>forgot</mark>" not in page
    undo = address(scene, "dismissal_removal", dismissal.pk)
    page = told(as_responder.post(undo, {"body": TEXT}, headers=htmx))
    assert "“forgot” is marked again. 2 phrases" in page
    assert not WordingDismissal.objects.exists()


def test_another_phrase_and_another_section_stay_marked(as_responder: Client, scene: Scene) -> None:
    as_responder.post(address(scene, "dismissal_create"), leave())
    assert "<mark>forgotten</mark>" in told(as_responder.post(address(scene, "wording_marks"), {"body": "forgotten"}))
    other = reverse("incidents:wording_marks", args=[scene.incident.number, "summary"])
    assert "<mark>forgot</mark>" in told(as_responder.post(other, {"body": "forgot"}))


def test_without_a_reason_it_is_not_left(as_responder: Client, scene: Scene, htmx: dict[str, str]) -> None:
    write(scene, TEXT)
    for headers in (htmx, {}):
        answer = as_responder.post(address(scene, "dismissal_create"), leave(reason=" "), headers=headers)
        assert answer.status_code == 422
        assert "Say in a few words why this wording stays." in told(answer)
    assert not WordingDismissal.objects.exists()


@pytest.mark.parametrize("rule", ["nothing", "team-4711", "", "x" * 81])
def test_only_what_a_rule_marks_can_be_left(as_responder: Client, scene: Scene, rule: str) -> None:
    assert as_responder.post(address(scene, "dismissal_create"), leave(rule=rule)).status_code == 422
    assert not WordingDismissal.objects.exists()


def test_the_newest_reason_stands(as_responder: Client, scene: Scene) -> None:
    for reason in ("First", "Second"):
        as_responder.post(address(scene, "dismissal_create"), leave(reason=reason))
    assert WordingDismissal.objects.get().reason == "Second"


def test_in_a_plain_browser_it_leads_to_the_documents_list(as_responder: Client, scene: Scene) -> None:
    write(scene, TEXT)
    answer = as_responder.post(address(scene, "dismissal_create"), leave())
    assert answer.headers["Location"] == f"{document(scene)}#wording-lessons"
    page = told(as_responder.get(document(scene)))
    assert "“forgot” stays as it is." in page
    assert "1 phrase that could say more." in page
    removal = address(scene, "dismissal_removal", WordingDismissal.objects.get().pk)
    assert as_responder.post(removal).headers["Location"] == f"{document(scene)}#wording-lessons"


def test_the_whole_document_is_listed_by_section(as_viewer: Client, scene: Scene, htmx: dict[str, str]) -> None:
    write(scene, TEXT)
    page = told(as_viewer.get(document(scene)))
    assert "Lessons" in page
    assert "<mark>should have been</mark>" in page
    assert "Leave it" not in page
    panel = told(as_viewer.get(document(scene), headers=htmx))
    assert "2 phrases" in panel
    assert "<mark>" not in panel
    write(scene, "All is well.")
    assert "No phrase is marked." in told(as_viewer.get(document(scene)))


def test_without_javascript_the_list_appears_with_the_preview(as_responder: Client, scene: Scene) -> None:
    here = reverse("incidents:section_edit", args=[scene.incident.number, scene.section.key])
    page = told(as_responder.post(here, {"body": TEXT, "preview": ""}))
    assert "2 phrases that could say more." in page
    assert "<mark>forgot</mark>" in page
    assert "phrases that could say more" not in told(as_responder.get(here))


def test_the_rules_of_a_team_are_met(as_responder: Client, scene: Scene) -> None:
    make_wording_rule("whole * team")
    page = told(as_responder.post(address(scene, "wording_marks"), {"body": "The whole ops team slept."}))
    assert "<mark>whole ops team</mark>" in page
    assert "It points at people." in page


def test_viewers_only_read(as_viewer: Client, scene: Scene) -> None:
    dismissal = make_wording_dismissal(scene.section)
    for here, data in pages(scene, dismissal):
        assert as_viewer.post(here, data).status_code == 403
        assert as_viewer.get(here).status_code == 405
        assert Client().post(here, data).status_code in (302, 401)
    assert as_viewer.get(document(scene)).status_code == 200
    assert WordingDismissal.objects.count() == 1


def test_whoever_does_not_see_the_incident_finds_nothing(as_responder: Client, scene: Scene) -> None:
    dismissal = make_wording_dismissal(scene.section)
    Incident.objects.filter(pk=scene.incident.pk).update(visibility="restricted")
    outsider = signed_in(make_user("outsider"))
    for here, data in pages(scene, dismissal):
        assert outsider.post(here, data).status_code == 404
    assert outsider.get(document(scene)).status_code == 404
    assert WordingDismissal.objects.count() == 1


def pages(scene: Scene, dismissal: WordingDismissal) -> list[tuple[str, dict[str, str]]]:
    return [
        (address(scene, "wording_marks"), {"body": TEXT}),
        (address(scene, "dismissal_create"), leave()),
        (address(scene, "dismissal_removal", dismissal.pk), {}),
    ]


def test_a_dismissal_of_another_section_is_not_there(as_responder: Client, scene: Scene, responder: User) -> None:
    other = scene.section.postmortem.sections.get(key="summary")
    dismissal = dismiss_mark(other, rule="en-forgot", phrase="forgot", reason="Why", actor=responder)
    assert as_responder.post(address(scene, "dismissal_removal", dismissal.pk)).status_code == 404


def test_more_marks_take_no_more_queries(
    as_responder: Client, scene: Scene, responder: User, django_assert_num_queries: Any
) -> None:
    for count in (2, 30):
        text = "\n\n".join(f"He forgot {n}. It should have been {n}." for n in range(count))
        for section in scene.section.postmortem.sections.all():
            PostmortemSection.objects.filter(pk=section.pk).update(body=text)
            make_wording_rule(f"word {count} {section.key}")
            make_wording_dismissal(section, phrase="forgot" * count, dismissed_by=make_user(f"{count}-{section.key}"))
        with django_assert_num_queries(12):
            as_responder.get(document(scene))
        with django_assert_num_queries(10):
            as_responder.post(address(scene, "wording_marks"), {"body": text})
