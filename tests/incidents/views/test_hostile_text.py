"""Text that attacks, and text that is far too long, in every field of every form."""

from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.html import render_print_source
from incidents.models import Postmortem
from recovery.services.evidence import attach_evidence
from tests.factories import NOW, make_restore_test
from tests.incidents.conftest import Scene
from tests.incidents.entries import ENTRIES, Entry
from tests.lib.hostile import LINK, SCRIPT, danger_in_fragment, danger_in_page, dangers

Stored = Callable[[], dict[str, Any]]
ATTACK = f"{SCRIPT} {LINK} /* style */"
every_text = pytest.mark.parametrize(
    ("entry", "name"), [pytest.param(e, n, id=f"{e.route}-{n}") for e in ENTRIES.values() for n in e.texts]
)


@pytest.fixture
def attacked(as_responder: Client, responder: User, scene: Scene) -> Scene:
    """An incident whose every text attacks its reader."""
    responder.name = ATTACK
    responder.save()
    for entry in ENTRIES.values():
        sent = entry.sent(as_responder, scene, **dict.fromkeys(entry.texts, ATTACK))
        assert as_responder.post(entry.address(scene), sent).status_code == 302, entry.route
    Postmortem.objects.update(author_line=ATTACK)
    attach_evidence(make_restore_test(), incident=scene.incident, caption=ATTACK, actor=responder, now=NOW)
    return scene


def test_no_page_runs_what_was_typed(as_responder: Client, htmx: dict[str, str], attacked: Scene) -> None:
    number = attacked.incident.number
    pages = ["/", f"/incidents/{number}/", f"/incidents/{number + 1}/", f"/incidents/{number}/postmortem/", "/profile/"]
    pages += [reverse("recovery:evidence_list", args=[number])]
    pages += [entry.address(attacked) for entry in ENTRIES.values()]
    for address in pages:
        page = as_responder.get(address).content.decode()
        assert danger_in_page(page) == [], address
        assert escape(SCRIPT) in page, address
    for entry in ENTRIES.values():
        if entry.route != "incident_create":
            fragment = as_responder.get(entry.address(attacked), headers=htmx).content.decode()
            assert [found for found in danger_in_fragment(fragment) if found != "<form>"] == [], entry.route


def test_no_document_runs_what_was_typed(as_responder: Client, attacked: Scene) -> None:
    number = attacked.incident.number
    html = as_responder.get(reverse("incidents:html_file", args=[number])).content.decode()
    markdown = as_responder.get(reverse("incidents:markdown_file", args=[number])).content.decode()
    source = render_print_source(build_document(attacked.incident.postmortem))
    for page in (html, source):
        assert danger_in_page(page, own_scripts=False) == []
        assert page.count(escape(SCRIPT)) > 8
        # The words that mark the place of the style were typed, too; the style is where it belongs all the same.
        assert "<style>/* style */" not in page
        assert page.count("@page") == page[page.index("<style>") : page.index("</style>")].count("@page") > 0
    assert SCRIPT not in markdown
    assert LINK not in markdown
    assert dangers(markdown) == []
    assert markdown.count("alert(1)") > 10


def preview_of(scene: Scene) -> str:
    return reverse("incidents:section_preview", args=[scene.incident.number, "summary"])


@pytest.mark.parametrize("attack", [SCRIPT, LINK])
def test_the_preview_runs_nothing(as_responder: Client, scene: Scene, attack: str) -> None:
    fragment = as_responder.post(preview_of(scene), {"body": attack}).content.decode()
    assert danger_in_fragment(fragment) == []


def test_an_error_page_runs_nothing(as_viewer: Client, as_responder: Client, attacked: Scene) -> None:
    for address in ("/incidents/<script>alert(1)</script>/", f"/incidents/{attacked.incident.number}/facts/"):
        assert danger_in_page(as_viewer.get(address).content.decode()) == []


@every_text
@pytest.mark.parametrize("is_htmx", [True, False])
def test_an_attack_that_is_sent_back_for_correction_stays_text(
    as_responder: Client, htmx: dict[str, str], scene: Scene, entry: Entry, name: str, is_htmx: bool
) -> None:
    sent = entry.valid | {name: ATTACK + "x" * 100_001}
    response = as_responder.post(entry.address(scene), sent, headers=htmx if is_htmx else None)
    assert response.status_code == 422
    assert [found for found in danger_in_page(response.content.decode()) if found != "<form>"] == []


LARGE = "Ten megabytes of text, line by line, with **marks** and [links](https://example.org).\n" * 120_000


@pytest.mark.parametrize("entry", [e for e in ENTRIES.values() if e.long], ids=lambda entry: entry.route)
def test_ten_megabytes_are_refused_in_a_sentence_and_kept(
    as_responder: Client, htmx: dict[str, str], scene: Scene, stored: Stored, entry: Entry
) -> None:
    known, text = stored(), LARGE[:10_000_000]
    response = as_responder.post(entry.address(scene), entry.valid | {entry.long: text}, headers=htmx)
    page = response.content.decode()
    assert response.status_code == 422
    sentence = f"This text has {len(text.strip()) if entry.limit < 50_000 else len(text)} characters and at most "
    assert sentence + f"{entry.limit} fit. Shorten it, or split it in parts." in page
    assert escape(text) in page
    assert stored() == known


@pytest.mark.parametrize("entry", [e for e in ENTRIES.values() if e.long], ids=lambda entry: entry.route)
def test_a_text_may_be_just_as_long_as_the_sentence_says(as_responder: Client, scene: Scene, entry: Entry) -> None:
    for length, code in ((entry.limit + 1, 422), (entry.limit, 302)):
        sent = entry.sent(as_responder, scene, **{entry.long: "ก" * length})
        assert as_responder.post(entry.address(scene), sent).status_code == code


def test_ten_megabytes_are_previewed_as_plain_text(as_responder: Client, scene: Scene) -> None:
    response = as_responder.post(preview_of(scene), {"body": LARGE[:10_000_000]})
    assert response.status_code == 200
    assert response.content.strip().startswith(b"<pre>")


def test_a_null_character_is_refused_in_a_sentence(as_responder: Client, scene: Scene) -> None:
    response = as_responder.post(ENTRIES["event_create"].address(scene), {"text": "a\x00b", "kind": "alert"})
    assert response.status_code == 422
    assert "Null characters are not allowed." in response.content.decode()


def test_more_than_fits_in_a_request_is_refused_on_a_page(
    as_responder: Client, scene: Scene, stored: Stored, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    known = stored()
    response = as_responder.post(
        ENTRIES["event_create"].address(scene), "text=" + "x" * 2000, "application/x-www-form-urlencoded"
    )
    assert response.status_code == 400
    assert "what you typed is still in the form." in response.content.decode()
    assert stored() == known
