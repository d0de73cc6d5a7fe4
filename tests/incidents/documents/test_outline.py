"""What a new document begins with, and whose words these are."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.translation import trans_real

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.outline import DEFAULT_SECTIONS, PROMPTS, in_words, plan_sections, prompt_of
from incidents.documents.outputs import render_text
from incidents.documents.template_words import TEMPLATE_WORDS
from incidents.models import Postmortem, PostmortemSection, PostmortemTemplate, SeverityLevel, TemplateSection
from incidents.services.drafts import start_postmortem
from incidents.services.own_import import import_json
from tests.factories import make_incident

DATA = Path(__file__).parents[3] / "incidents" / "data" / "postmortem_templates.json"
NAMES = ["Complete", "Data-loss recovery", "Five whys", "Google SRE book", "Lightweight", "PagerDuty style"]


@pytest.fixture
def thai(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue with two words, while Thai is active."""
    catalogue = trans_real.translation("th")
    monkeypatch.setitem(catalogue._catalog._catalogs[0], "Summary", "สรุป")  # type: ignore[attr-defined]
    monkeypatch.setitem(catalogue._catalog._catalogs[0], "Message to customers", "ถึงลูกค้า")  # type: ignore[attr-defined]


def test_every_word_of_the_templates_is_marked_for_translation() -> None:
    written: set[str] = set()
    for row in json.loads(DATA.read_text()):
        written |= {row["name"], row["description"]}
        written |= {section[name] for section in row["sections"] for name in ("title", "prompt")}
    with translation.override(None):
        of_outline = {*map(str, (*DEFAULT_SECTIONS.values(), *PROMPTS.values()))}
    assert written - of_outline == {*TEMPLATE_WORDS}
    assert len(TEMPLATE_WORDS) == len({*TEMPLATE_WORDS})


@pytest.mark.django_db
def test_six_templates_come_with_debrief_and_every_level_uses_the_complete_one() -> None:
    assert [template.name for template in PostmortemTemplate.objects.all()] == NAMES
    complete = PostmortemTemplate.objects.get(name="Complete")
    assert {level.postmortem_template for level in SeverityLevel.objects.all()} == {complete}
    with translation.override(None):
        assert [(section.key, section.title, section.prompt) for section in complete.sections.all()] == [
            (key, str(title), str(PROMPTS[key])) for key, title in DEFAULT_SECTIONS.items()
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_each_has_the_records_that_every_post_mortem_needs_and_asks_in_every_section(name: str) -> None:
    sections = list(PostmortemTemplate.objects.get(name=name).sections.all())
    keys = [section.key for section in sections]
    assert {"summary", "impact", "timeline", "root_causes", "action_items"} <= {*keys}
    assert [
        section.title for section in sections if not section.prompt.endswith("?") and "." not in section.prompt
    ] == []
    # An own key is no other page of the document.
    assert not {*keys} & {"status", "html", "markdown", "pdf", "draft", "outline", "sections", "review"}


@pytest.mark.django_db
def test_a_document_begins_in_the_words_of_its_installation(thai: Any) -> None:
    template = PostmortemTemplate.objects.get(name="PagerDuty style")
    TemplateSection.objects.create(template=template, key="own-1", title="Our own", prompt="Hm?", position=50)
    with translation.override("th"):
        titles = [plan.title for plan in plan_sections(template)]
        assert plan_sections(None)[0].title == "สรุป"
    assert titles[-2:] == ["ถึงลูกค้า", "Our own"]
    assert [plan.title for plan in plan_sections(template)][-2:] == ["Message to customers", "Our own"]


def test_what_a_team_wrote_stays_as_it_is() -> None:
    # An empty text would find the catalogue's own head.
    with translation.override("th"):
        assert [in_words(text) for text in ("", "Nothing of Debrief's")] == ["", "Nothing of Debrief's"]


def test_a_document_of_before_is_asked_as_the_outline_and_one_that_asks_nothing_is_not() -> None:
    section = PostmortemSection(key="impact", postmortem=Postmortem())
    assert prompt_of(section) == str(PROMPTS["impact"])
    section.postmortem.template_id = 1
    assert prompt_of(section) == ""
    section.prompt = "Who noticed?"
    assert prompt_of(section) == "Who noticed?"
    assert prompt_of(PostmortemSection(key="own-1", postmortem=Postmortem())) == ""


@pytest.mark.django_db
def test_what_an_author_is_asked_is_in_no_export(responder: User) -> None:
    postmortem = start_postmortem(make_incident(responder), actor=responder)
    asked = [section.prompt for section in postmortem.sections.all()]
    assert len(asked) == 13
    for name in ("html", "md", "json"):
        text = render_text(build_document(postmortem), name)
        assert [question for question in asked if not question or question in text] == []
        assert '"prompt"' not in text


@pytest.mark.django_db
def test_an_empty_section_that_comes_back_asks_what_its_kind_asks(responder: User) -> None:
    postmortem = start_postmortem(make_incident(responder), actor=responder)
    text = render_text(build_document(postmortem), "json")
    brought = import_json(text, actor=responder, now=timezone.now()).postmortem
    assert [prompt_of(section) for section in brought.sections.all()] == [*map(str, PROMPTS.values())]
