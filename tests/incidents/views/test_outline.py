"""The page on which the sections of a document are put in order."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, IncidentGrant, Postmortem, PostmortemSection
from incidents.services.drafts import start_postmortem
from incidents.services.sections import save_section
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_user
from tests.incidents.entries import seen


@pytest.fixture
def postmortem(responder: User) -> Postmortem:
    return start_postmortem(make_incident(responder), actor=responder)


@pytest.fixture
def here(postmortem: Postmortem) -> str:
    return reverse("incidents:outline_edit", args=[postmortem.incident_id])


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def address(name: str, postmortem: Postmortem, key: str) -> str:
    return reverse(f"incidents:heading_{name}", args=[postmortem.incident_id, key])


def titles(client: Client, here: str) -> list[str]:
    page = text_of(client.get(here)).partition('id="removed-title"')[0]
    return re.findall(r'class="record-title">\s*([^<]*?)\s*<', page)


def test_sections_are_moved_and_the_keyboard_stays(as_responder: Client, postmortem: Postmortem, here: str) -> None:
    answer = as_responder.post(address("position", postmortem, "impact"), {"direction": "up"})
    assert titles(as_responder, here)[:2] == ["Impact", "Summary"]
    shown = text_of(as_responder.get(answer["Location"]))
    assert len(re.findall(r'aria-label="Move “Impact” up"[^>]*autofocus', shown)) == 1
    document = text_of(as_responder.get(postmortem.get_absolute_url()))
    assert document.index('id="section-impact"') < document.index('id="section-summary"')


def test_one_is_added_and_renamed(as_responder: Client, postmortem: Postmortem, here: str) -> None:
    assert as_responder.post(here, {"title": ""}).status_code == 422
    answer = as_responder.post(here, {"title": "ถึงลูกค้า", "prompt": "What do they know?", "kind": ""})
    assert answer["Location"] == f"{here}#section-own-1"
    edit = address("edit", postmortem, "own-1")
    sent = {"title": "To customers", "prompt": "What now?"}
    shown = seen(as_responder, edit)
    assert as_responder.post(edit, sent | shown)["Location"] == here
    assert titles(as_responder, here)[-1] == "To customers"
    assert as_responder.post(edit, {"title": "Mine"} | shown).status_code == 422


def test_an_empty_one_goes_at_once_and_one_with_text_asks(
    as_responder: Client, responder: User, postmortem: Postmortem, here: str
) -> None:
    save_section(postmortem.sections.get(key="impact"), body="Nobody **noticed**", actor=responder, now=NOW)
    page = text_of(as_responder.get(here))
    impact, lessons = (address("removal", postmortem, key) for key in ("impact", "lessons"))
    assert f'href="{impact}"' in page
    assert f'action="{impact}"' not in page
    assert f'action="{lessons}"' in page
    asked = text_of(as_responder.get(impact))
    assert "Remove “Impact”?" in asked
    assert "<strong>noticed</strong>" in asked
    assert "Impact" in titles(as_responder, here)
    gone = as_responder.post(impact)
    told = text_of(as_responder.get(gone["Location"]))
    assert "“Impact” was removed." in told
    assert "Impact" not in titles(as_responder, here)
    assert "Nobody" not in text_of(as_responder.get(postmortem.get_absolute_url()))
    assert "Nobody **noticed**" in told.partition('id="removed-title"')[2]
    as_responder.post(impact, {"undo": "yes"})
    assert titles(as_responder, here)[1] == "Impact"
    assert "<strong>noticed</strong>" in text_of(as_responder.get(postmortem.get_absolute_url()))


def test_the_last_one_stays(as_responder: Client, postmortem: Postmortem) -> None:
    PostmortemSection.objects.exclude(key="impact").update(removed_at=NOW)
    answer = as_responder.post(address("removal", postmortem, "impact"), follow=True)
    assert "This is the only section." in text_of(answer)


def test_a_removed_section_is_written_no_more(as_responder: Client, postmortem: Postmortem) -> None:
    as_responder.post(address("removal", postmortem, "impact"))
    edit = reverse("incidents:section_edit", args=[postmortem.incident_id, "impact"])
    assert as_responder.get(edit).status_code == 404
    assert as_responder.post(edit, {"body": "late"}).status_code == 404


def test_the_document_asks_its_writers_where_nothing_is_written_and_nobody_else(
    as_responder: Client, as_viewer: Client, responder: User, postmortem: Postmortem
) -> None:
    PostmortemSection.objects.filter(key="lessons").update(prompt="What would a kangaroo learn?")
    document = postmortem.get_absolute_url()
    assert "kangaroo" in text_of(as_responder.get(document))
    assert "kangaroo" not in text_of(as_viewer.get(document))
    for name in ("html_file", "markdown_file"):
        export = as_responder.get(reverse(f"incidents:{name}", args=[postmortem.incident_id]))
        # Programs are told more than readers, so that an import asks the same.
        assert "kangaroo" not in re.sub(r"<!--.*?-->", "", text_of(export), flags=re.DOTALL)
    edit = reverse("incidents:section_edit", args=[postmortem.incident_id, "lessons"])
    assert "kangaroo" in text_of(as_responder.get(edit))
    save_section(postmortem.sections.get(key="lessons"), body="Hop", actor=responder, now=NOW)
    assert "kangaroo" not in text_of(as_responder.get(document))


def test_the_document_says_who_writes_it_and_by_when(as_viewer: Client, responder: User) -> None:
    incident = make_incident(responder, mode="retrospective", resolved_at=NOW, severity_id=1, severity=None)
    Incident.objects.filter(pk=incident.pk).update(severity=1)
    document = start_postmortem(incident, actor=responder).get_absolute_url()
    assert "responder is expected to write it. To be published by 27 Nov 2026." in text_of(as_viewer.get(document))
    Incident.objects.filter(pk=incident.pk).update(severity=4)
    assert "responder is expected to write it; there is no date to keep." in text_of(as_viewer.get(document))
    Postmortem.objects.update(status="published", published_at=NOW)
    assert "expected to write" not in text_of(as_viewer.get(document))


def test_readers_change_nothing_and_of_a_restricted_one_nothing_is_told(
    as_viewer: Client, postmortem: Postmortem, administrator: User, here: str
) -> None:
    pages = [here, *(address(name, postmortem, "impact") for name in ("edit", "position", "removal"))]
    assert {as_viewer.post(page, {"title": "x"}).status_code for page in pages} == {403}
    Incident.objects.update(visibility="restricted")
    IncidentGrant.objects.create(incident=postmortem.incident, person=administrator)
    outsider = signed_in(make_user("outsider"))
    assert {outsider.post(page, {"title": "x"}).status_code for page in pages} == {404}
    assert outsider.get(here).status_code == 404


def test_what_is_not_there_is_not_found(as_responder: Client, responder: User, postmortem: Postmortem) -> None:
    assert as_responder.post(address("position", postmortem, "nothing")).status_code == 404
    without = make_incident(responder)
    assert as_responder.get(reverse("incidents:outline_edit", args=[without.pk])).status_code == 404


def test_the_page_takes_as_many_queries_for_many_as_for_few(
    as_responder: Client, postmortem: Postmortem, here: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        as_responder.post(here, {"title": f"Another {number}"})
    for key in ("impact", "timeline", "own-3"):
        as_responder.post(address("removal", postmortem, key))
    with django_assert_max_num_queries(9):
        as_responder.get(here)
