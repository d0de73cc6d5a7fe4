from datetime import date

import pytest

from accounts.models import User
from incidents.documents.external import make_external, names_left, replace_names, roles_in
from incidents.documents.frozen import build_frozen
from incidents.documents.html import render_print_source
from incidents.documents.outputs import file_name, render_text
from incidents.documents.tree import Document
from incidents.models import ActionItem, Improvement, Incident, RootCause
from incidents.services.drafts import start_postmortem
from incidents.services.roles import assign_role
from tests.factories import NOW, make_event, make_incident, make_user

NAMES = ["Nok Chaiyasit", "nok.c", "nok@example.org", "Priya Raman", "priya"]


@pytest.fixture
def everywhere(db: None) -> Incident:
    """An incident with names in every field that takes text."""
    nok = make_user("nok.c", name="Nok Chaiyasit", email="nok@example.org")
    priya = make_user("priya", name="Priya Raman")
    incident = make_incident(nok, "Nok Chaiyasit saw checkout fail", impact="Priya Raman could not pay")
    text = "Nok Chaiyasit asked @priya; see nok@example.org, nok.c and Chaiyasit."
    make_event(incident, text, author=priya)
    assign_role(incident, role="commander", person=nok, actor=nok, now=NOW)
    cause = RootCause.objects.create(incident=incident, statement=text, whys=[text])
    about = {"owner_person": priya, "root_cause": cause, "due_date": date(2026, 12, 1)}
    ActionItem.objects.create(incident=incident, title=text, **about)
    Improvement.objects.create(incident=incident, metric=text[:100], before="Priya Raman", after="nok.c")
    postmortem = start_postmortem(incident, actor=nok, author_line="Nok Chaiyasit")
    for section in postmortem.sections.all():
        section.body, section.title = f"Heard by @nok.c. {text}", f"{section.title} by Priya Raman"
        section.save()
    return incident


def external(incident: Incident) -> tuple[Document, list[User], dict[int, str]]:
    document, people = build_frozen(incident.postmortem), list(User.objects.order_by("pk"))
    roles = roles_in(incident, document, people)
    return make_external(document, people, roles), people, roles


def test_people_are_roles_in_every_output(everywhere: Incident) -> None:
    document, _people, roles = external(everywhere)
    assert sorted(roles.values()) == ["Incident commander", "Responder 1"]
    assert (document.variant, document.records, document.attachments) == ("external", None, ())
    assert document.author == "Incident commander"
    outputs = [render_text(document, suffix) for suffix in ("html", "md", "json")]
    for text in (*outputs, render_print_source(document), file_name(document, "pdf")):
        for name in NAMES:
            assert name.casefold() not in text.casefold(), name
        assert "/people/" not in text
    assert file_name(document, "pdf") == f"{document.reference} Incident commander saw checkout fail external.pdf"


def test_parts_of_names_are_listed_with_their_place_and_replaced_if_asked(everywhere: Incident) -> None:
    document, people, roles = external(everywhere)
    left = names_left(document, people, roles)
    assert {name.name for name in left} == {"Chaiyasit"}
    assert {name.role for name in left} == {"Incident commander"}
    assert any(name.place.startswith("Summary") and "nok" not in name.around for name in left)
    without = replace_names(document, people, roles)
    assert names_left(without, people, roles) == []
    assert "chaiyasit" not in render_text(without, "json").casefold()


def test_a_name_inside_a_longer_word_is_no_name(everywhere: Incident) -> None:
    section = everywhere.postmortem.sections.all()[0]
    section.body = "A priyas table was panoked."
    section.save()
    assert "A priyas table was panoked." in render_text(external(everywhere)[0], "md")


def test_a_thai_name_is_found_without_blanks_around_it(db: None) -> None:
    person = make_user("somchai", name="สมชาย ใจดี")
    incident = make_incident(person)
    section = start_postmortem(incident, actor=person).sections.all()[0]
    section.body = "ทีมของสมชาย ใจดีแก้ไขแล้ว และสมชายรายงาน"
    section.save()
    document, people, roles = external(incident)
    assert "สมชาย ใจดี" not in render_text(document, "md")
    assert [name.name for name in names_left(document, people, roles)] == ["สมชาย"]
