"""Two people correct one event: what each of them changed is there, and who saves second chooses."""

from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from incidents.models import TimelineEvent
from tests.conftest import signed_in
from tests.incidents.conftest import Scene
from tests.incidents.entries import ENTRIES

TEXT = "The disk of db1 filled up at noon and writes stopped"
HIDDEN = ("text", "occurred_at", "ended_at", "kind", "grading", "is_pinned")


@pytest.fixture
def address(scene: Scene) -> str:
    TimelineEvent.objects.filter(pk=scene.event.pk).update(text=TEXT)
    return ENTRIES["event_edit"].address(scene)


def opened(client: Client, address: str) -> dict[str, str]:
    """What a browser sends of the form that is open, with nothing changed."""
    return filled(client.get(address).context["edit_form"])


def filled(form: object) -> dict[str, str]:
    sent = {"seen": form["seen"].value()}  # type: ignore[index]
    for name in HIDDEN:
        field = form[name]  # type: ignore[index]
        initial = field.form.data.get(field.html_initial_name, field.initial) if field.form.is_bound else field.initial
        values = {name: field.value(), field.html_initial_name: field.field.prepare_value(initial)}
        sent |= {key: str(value) for key, value in values.items() if value is not None and value is not False}
    return {key: "on" if key == "is_pinned" else value for key, value in sent.items()}


def save_first(administrator: User, address: str, **typed: str) -> None:
    client = signed_in(administrator)
    assert client.post(address, opened(client, address) | typed).status_code == 302


def stored() -> TimelineEvent:
    return TimelineEvent.objects.get(text__contains="disk")


def test_changes_of_different_fields_are_both_saved_and_nobody_is_asked(
    as_responder: Client, administrator: User, address: str
) -> None:
    mine = opened(as_responder, address) | {"text": f"{TEXT}."}
    save_first(administrator, address, kind="action", occurred_at="2024-03-10 14:07")
    assert as_responder.post(address, mine).status_code == 302
    event = stored()
    assert (event.text, event.kind, f"{event.occurred_at:%H:%M}") == (f"{TEXT}.", "action", "14:07")


def test_who_left_the_text_alone_does_not_undo_what_another_made_of_it(
    as_responder: Client, administrator: User, address: str
) -> None:
    mine = opened(as_responder, address) | {"kind": "action"}
    save_first(administrator, address, text=TEXT.replace("noon", "one"))
    assert as_responder.post(address, mine).status_code == 302
    event = stored()
    assert (event.text, event.kind) == (TEXT.replace("noon", "one"), "action")


def test_of_a_field_that_both_changed_the_other_is_named_and_the_text_is_no_matter(
    as_responder: Client, administrator: User, address: str
) -> None:
    mine = opened(as_responder, address) | {"kind": "action"}
    save_first(administrator, address, text=TEXT.replace("noon", "one"), kind="decision")
    response = as_responder.post(address, mine)
    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert f"{administrator} saved this while you were writing." in page
    assert "Kind: Decision" in page
    assert "Save yours" not in page
    assert response.context["edit_form"]["text"].value() == TEXT.replace("noon", "one")


def test_changes_of_different_words_are_proposed_together_beside_both_texts(
    as_responder: Client, administrator: User, address: str
) -> None:
    mine = opened(as_responder, address) | {"text": TEXT.replace("db1", "db2")}
    save_first(administrator, address, text=TEXT.replace("stopped", "failed"))
    response = as_responder.post(address, mine)
    page = unescape(response.content.decode())
    both = "The disk of db2 filled up at noon and writes failed"
    assert response.context["edit_form"]["text"].value() == both
    assert "Both changes are in the text below." in page
    # Each side marks what is different in it.
    assert "<mark>db2</mark>" in page
    assert "<mark>failed</mark>" in page
    assert as_responder.post(address, filled(response.context["edit_form"])).status_code == 302
    assert stored().text == both


def test_where_both_changed_the_same_words_mine_stays_beside_theirs(
    as_responder: Client, administrator: User, address: str
) -> None:
    mine = opened(as_responder, address) | {"text": TEXT.replace("db1", "db2")}
    save_first(administrator, address, text=TEXT.replace("db1", "db3"))
    response = as_responder.post(address, mine)
    page = unescape(response.content.decode())
    assert response.context["edit_form"]["text"].value() == TEXT.replace("db1", "db2")
    assert "Both changed the same words." in page
    assert "<mark>db2</mark>" in page
    assert "<mark>db3</mark>" in page
    assert stored().text == TEXT.replace("db1", "db3")


@pytest.mark.parametrize(("take", "expected"), [("mine", "db2"), ("theirs", "db3")])
def test_either_text_is_chosen_with_one_button(
    as_responder: Client, administrator: User, address: str, take: str, expected: str
) -> None:
    mine = opened(as_responder, address) | {"text": TEXT.replace("db1", "db2"), "kind": "action"}
    save_first(administrator, address, text=TEXT.replace("db1", "db3"))
    form = as_responder.post(address, mine).context["edit_form"]
    sent = filled(form) | {"mine_text": form.choice.mine_text, "take": take, "text": "left in the field"}
    assert as_responder.post(address, sent).status_code == 302
    event = TimelineEvent.objects.get(text=TEXT.replace("db1", expected))
    # What else was changed is saved, whosever text it is.
    assert event.kind == "action"


def test_of_other_fields_that_both_changed_mine_stays_and_theirs_is_told(
    as_responder: Client, administrator: User, address: str
) -> None:
    mine = opened(as_responder, address) | {"kind": "action", "occurred_at": "2024-03-10 14:03"}
    save_first(administrator, address, kind="decision", occurred_at="2024-03-10 14:07")
    response = as_responder.post(address, mine)
    page = unescape(response.content.decode())
    assert "Kind: Decision" in page
    assert "When: 2024-03-10 14:07:00" in page
    again = filled(response.context["edit_form"])
    assert (again["kind"], again["occurred_at"]) == ("action", "2024-03-10 14:03")


def test_a_third_change_is_noticed_again(as_responder: Client, administrator: User, address: str) -> None:
    mine = opened(as_responder, address) | {"text": f"Note: {TEXT}"}
    save_first(administrator, address, text=TEXT.replace("stopped", "failed"))
    second = filled(as_responder.post(address, mine).context["edit_form"])
    save_first(administrator, address, text=TEXT.replace("stopped", "failed").replace("noon", "one"))
    response = as_responder.post(address, second)
    assert response.status_code == 422
    both = "Note: The disk of db1 filled up at one and writes failed"
    assert response.context["edit_form"]["text"].value() == both


def test_an_event_pinned_meanwhile_stays_pinned(as_responder: Client, administrator: User, address: str) -> None:
    mine = opened(as_responder, address) | {"text": f"{TEXT}."}
    TimelineEvent.objects.filter(text=TEXT).update(is_pinned=False)
    assert as_responder.post(address, mine).status_code == 302
    assert not stored().is_pinned
