"""Ways in which a name might leave with a copy for readers outside: each is replaced, or listed before it can."""

import io
import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import StreamObject

from accounts.models import Team, User
from incidents.documents.external import make_external, names_left, replace_names, roles_in
from incidents.documents.frozen import build_frozen
from incidents.documents.outputs import file_name, render_text
from incidents.documents.pdf import render_pdf_within
from incidents.documents.tree import Document, Prose
from incidents.models import ActionItem, Incident
from incidents.queries.external import prepare_external
from incidents.services.attachments import attach_file as attach_incident_file
from incidents.services.drafts import start_postmortem
from incidents.services.rendering import document_source, request_document_pdf
from incidents.services.roles import assign_role
from lib.markdown import render_markdown
from lib.passages import read_text
from recovery.services.evidence import attach_evidence, attach_file
from tests.factories import NOW, make_event, make_incident, make_restore_test, make_service, make_tag, make_user
from tests.uploads import picture, upload

NOK = {"name": "Nok Chaiyasit", "email": "n.chaiyasit@example.org"}
# Replaced without asking: nothing else can be meant.
SURE = [
    "Nok Chaiyasit looked",
    "NOK CHAIYASIT looked",
    "nok chaiyasit looked",
    "Nok Chaiyasit's change",
    "Nok Chaiyasit’s change",
    "Nok  Chaiyasit, by a wide blank",
    "Nok\u00a0Chaiyasit, by a hard blank",
    "Nok\nChaiyasit, over two lines",
    "**Nok** Chaiyasit and __Nok__ Chaiyasit",
    "N**ok** Chaiyasit",
    "_Nok Chaiyasit_",
    "~~Nok Chaiyasit~~",
    "`Nok Chaiyasit`",
    "No\u200bk Chai\u00adyasit, by what nobody sees",
    "Nök Cháiyasit, by accents",
    "No\u0308k Cha\u0301iyasit, by accents of their own",
    "&#78;ok Chaiyasit and &#x4e;ok Chaiyasit",
    "nok_c saw it; so did nok\\_c",
    "NOK_C saw it",
    "@nok_c, are you there?",
    "<@nok_c> in the chat",
    "ssh nok_c@db1",
    "n.chaiyasit@example.org",
    "N.Chaiyasit@Example.org",
    "[mail](mailto:n.chaiyasit@example.org)",
    "<n.chaiyasit@example.org>",
    "https://wiki.example.org/~nok_c/notes",
    "[notes](https://wiki.example.org/nok_c 'of Nok Chaiyasit')",
    "![Nok Chaiyasit at the desk](/incidents/1/attachments/1/)",
    "![nok_c.png](/incidents/1/attachments/1/)",
    "| who |\n| --- |\n| Nok Chaiyasit |",
    "# By Nok Chaiyasit",
    "> Nok Chaiyasit said",
    "```\nby nok_c\n```",
    "[^1]: Nok Chaiyasit",
    "ถามNok Chaiyasitแล้ว",
]
# May be a word like any other, so that somebody is asked.
LISTED = {
    "Chaiyasit looked": "Chaiyasit",
    "chaiyasit's change": "chaiyasit",
    "Nok looked": "Nok",
    "It was NOK": "NOK",
    "Nok's change": "Nok",
    "_Nok_ looked": "Nok",
    "Then screenshotNok2.png": "Nok",
    "IMG_Chaiyasit.png": "Chaiyasit",
    "It was &#78;ok": "Nok",
    "Mail stranger@example.com": "stranger@example.com",
    "Thanks to @stranger": "@stranger",
    "Mail nok@example.com": "nok@example.com",
}
# No name of anybody.
WORDS = ["A nokia phone was panoked", "the nok of a door", "Knocking", "2026-11-22 @ 14:00"]


@pytest.fixture
def nok(db: None) -> User:
    return make_user("nok_c", **NOK)


def copy_of(text: str, person: User) -> tuple[Document, list[User], dict[int, str]]:
    incident = make_incident(person)
    section = start_postmortem(incident, actor=person).sections.get(key="lessons")
    section.body = text
    section.save()
    document, people = build_frozen(incident.postmortem), list(User.objects.order_by("pk"))
    roles = roles_in(incident, document, people)
    return make_external(document, people, roles), people, roles


def read_all(document: Document) -> str:
    """Every output, as it is written and as it is read."""
    outputs = [render_text(document, wanted) for wanted in ("html", "md", "json")]
    written = [block.markdown for section in document.sections for block in section.blocks if isinstance(block, Prose)]
    words = [read_text(render_markdown(markdown)).words for markdown in written]
    return "\n".join([*outputs, *words, read_text(outputs[0]).words]).casefold()


@pytest.mark.parametrize("text", SURE)
def test_a_name_that_can_be_nothing_else_is_a_role(nok: User, text: str) -> None:
    document, people, roles = copy_of(text, nok)
    everything = read_all(document)
    assert names_left(document, people, roles) == []
    assert "responder 1" in everything
    for name in ("chaiyasit", "nok_c", "nok chai", "nök"):
        assert name not in everything


@pytest.mark.parametrize(("text", "name"), LISTED.items())
def test_what_may_be_a_name_is_listed_and_replaced_unless_it_is_kept(nok: User, text: str, name: str) -> None:
    document, people, roles = copy_of(text, nok)
    [left] = names_left(document, people, roles)
    assert (left.name, left.place) == (name, "Lessons")
    assert name in left.around
    without = replace_names(document, people, roles)
    assert names_left(without, people, roles) == []
    assert name.casefold() not in render_text(without, "md").casefold()
    assert left.role in render_text(without, "md")
    assert replace_names(document, people, roles, keep={left.key}) == document


@pytest.mark.parametrize("text", WORDS)
def test_a_word_is_no_name(nok: User, text: str) -> None:
    document, people, roles = copy_of(text, nok)
    assert names_left(document, people, roles) == []
    assert text in render_text(document, "md")


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("สมชาย ใจดี", "ทีมของสมชาย ใจดีแก้ไข", []),
        ("สมชาย ใจดี", "คุณสมชายรายงาน", ["สมชาย"]),
        ("นก", "พี่นกรายงาน", ["นก"]),
        # Sara am has two spellings that look the same.
        ("อำพล สุข", "พี่อ\u0e4d\u0e32พลรายงาน", ["อ\u0e4d\u0e32พล"]),
    ],
)
def test_a_thai_name_is_found_between_other_words(db: None, name: str, text: str, left: list[str]) -> None:
    document, people, roles = copy_of(text, make_user("somebody", name=name))
    assert [each.name for each in names_left(document, people, roles)] == left
    assert name not in render_text(replace_names(document, people, roles), "json")


@pytest.mark.parametrize(
    "link",
    [
        "[her page](/people/{pk}/overview/)",
        "[her page](/people/{pk}/)",
        "[her page](http://localhost:8000/people/{pk}/overview/?tab=1#x)",
        '[her page](</people/{pk}/overview/> "her")',
        "<http://localhost:8000/people/{pk}/overview/>",
        "http://localhost:8000/people/{pk}/overview/",
        "[her page][1]\n\n[1]: /people/{pk}/overview/",
        "see /people/{pk}/",
        "[her page](/people/99999/overview/)",
    ],
)
def test_no_way_leads_to_a_persons_page(nok: User, link: str) -> None:
    document, people, roles = copy_of(link.format(pk=nok.pk), nok)
    assert "/people/" not in read_all(document)
    assert names_left(document, people, roles) == []


def test_a_user_name_that_is_a_word_is_asked_about_and_alone_in_a_record_it_is_a_person(db: None) -> None:
    support = make_user("support")
    incident = make_incident(support)
    ActionItem.objects.create(incident=incident, title="Call support", owner_person=support)
    assign_role(incident, role="scribe", person=support, actor=support, now=NOW)
    section = start_postmortem(incident, actor=support).sections.get(key="lessons")
    section.body = "The support hotline was busy."
    section.save()
    copy = prepare_external(incident.postmortem, "")
    assert copy
    assert [(each.name.name, len(each.places), each.more) for each in copy.spellings] == [("support", 2, 0)]
    kept = render_text(copy.without(keep={"support"}), "md")
    assert "The support hotline was busy." in kept
    assert "Owner: Scribe" in kept
    assert "support, since" not in kept
    assert "support" not in render_text(copy.without(), "md")


@pytest.mark.parametrize(
    "username", ["external", "internal", "root_cause", "responder", "person", "markdown", "unknown"]
)
def test_a_user_name_that_is_a_word_of_the_tree_changes_nothing_that_programs_read(db: None, username: str) -> None:
    document, people, roles = copy_of("Written.", make_user(username))
    without = replace_names(document, people, roles)
    assert (without.variant, without.reference) == ("external", document.reference)
    assert [section.key for section in without.sections] == [section.key for section in document.sections]
    assert names_left(without, people, roles) == []
    assert file_name(without, "pdf").endswith(" external.pdf")


def test_an_author_whose_name_was_typed_is_asked_about_and_a_team_is_no_person(nok: User) -> None:
    incident = make_incident(nok)
    postmortem = start_postmortem(incident, actor=nok, author_line="Jane Doe")
    section = postmortem.sections.get(key="lessons")
    section.body = "Jane Doe thanks the SRE Team."
    section.save()
    copy = prepare_external(postmortem, "")
    assert copy
    assert [(left.name, left.role) for left in copy.names] == [("Jane Doe", "Author")]
    assert copy.document.author == "Author"
    Team.objects.get_or_create(name="SRE Team")
    postmortem.author_line = "SRE Team"
    postmortem.save()
    copy = prepare_external(postmortem, "")
    assert copy
    assert copy.names == []


@pytest.fixture
def everywhere(nok: User, settings: object, tmp_path: Path) -> Incident:
    """Names in every record that a document is made of, and in every file that goes with it."""
    for name in ("ATTACHMENTS_DIR", "EVIDENCE_DIR", "DOCUMENTS_DIR"):
        setattr(settings, name, tmp_path / name)
    settings.PICTURE_DIRS = [tmp_path / "ATTACHMENTS_DIR", tmp_path / "EVIDENCE_DIR"]  # type: ignore[attr-defined]
    service = make_service("nok_c-shop", description="Of Nok Chaiyasit")
    incident = make_incident(nok, "Checkout failed for Nok Chaiyasit", cost="Nok Chaiyasit knows", services=[service])
    make_tag(incident, "nok_c")
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Nok Chaiyasit"
    Image.new("RGB", (60, 40), "navy").save(content, "JPEG", exif=exif)
    shot = attach_incident_file(incident, file=upload(content.getvalue(), "Nok Chaiyasit.jpg"), actor=nok)
    attach_file(incident, file=upload(picture(), "nok_c.png"), caption="Screen of Nok Chaiyasit", actor=nok, now=NOW)
    attach_evidence(make_restore_test(), incident=incident, caption="Restored by Nok Chaiyasit", actor=nok, now=NOW)
    make_event(incident, "Nok Chaiyasit (@nok_c) restarted it", is_pinned=True, author=nok)
    ActionItem.objects.create(
        incident=incident,
        title="Ask Nok Chaiyasit",
        owner_person=nok,
        due_date=date(2026, 12, 1),
        reason="nok_c said so",
    )
    assign_role(incident, role="commander", person=nok, actor=nok, now=NOW)
    postmortem = start_postmortem(incident, actor=nok)
    section = postmortem.sections.get(key="lessons")
    section.title, section.key, section.body = "What Nok Chaiyasit learnt", "of-chaiyasit", f"{shot.markdown} by @nok_c"
    section.save()
    return incident


def test_nothing_in_any_file_names_anybody(everywhere: Incident) -> None:
    copy = prepare_external(everywhere.postmortem, "")
    assert copy
    document = copy.without()
    assert "Incident commander restarted it" in re.sub(r"\(.*?\) ", "", render_text(document, "md"))
    for text in (*(render_text(document, wanted) for wanted in ("html", "md", "json")), file_name(document, "pdf")):
        for name in ("chaiyasit", "nok_c", "nok "):
            assert name not in text.casefold()
        assert "/people/" not in text
    # What a camera wrote into the picture is not in the one that goes along.
    assert "Tm9rIENoYWl5YXNpd" not in render_text(document, "html")
    assert "Nok" in render_text(build_frozen(everywhere.postmortem), "md")


def test_the_pdf_its_metadata_and_its_files_name_nobody_and_it_is_called_external(everywhere: Incident) -> None:
    copy = prepare_external(everywhere.postmortem, "")
    assert copy
    document = copy.without()
    content = render_pdf_within(document_source(document), seconds=60)
    reader = PdfReader(BytesIO(content))
    pages = "\n".join(page.extract_text() for page in reader.pages)
    assert "Incident commander" in pages
    assert [*reader.attachments] == [f"{document.reference} external.json"]
    [attached] = reader.attachments[f"{document.reference} external.json"]
    assert json.loads(attached)["variant"] == "external"
    objects = PdfWriter(clone_from=reader)._objects
    streams = [each.get_data() for each in objects if isinstance(each, StreamObject)]
    everything = b"\n".join([content, attached, *streams]).decode("utf-8", "replace") + pages + str(reader.metadata)
    for name in ("chaiyasit", "nok_c"):
        assert name not in everything.casefold()
        assert name.encode("utf-16-be") not in content
    row = request_document_pdf(document, everywhere.pk)
    assert row.name == f"{everywhere.reference} Checkout failed for Incident commander external.pdf"
