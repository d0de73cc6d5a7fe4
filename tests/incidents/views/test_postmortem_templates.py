"""The pages of templates: read by everyone, changed by administrators, put in order without JavaScript."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import PostmortemTemplate, SeverityLevel, TemplateSection
from tests.incidents.entries import seen

HERE = "/postmortem-templates/"


@pytest.fixture
def template(administrator: User) -> PostmortemTemplate:
    return PostmortemTemplate.objects.get(name="Lightweight")


@pytest.fixture
def page(template: PostmortemTemplate) -> str:
    return template.get_absolute_url()


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def titles(client: Client, page: str) -> list[str]:
    return re.findall(r'class="record-title">\s*([^<]*?)\s*<', text_of(client.get(page)))


def address(name: str, section: TemplateSection) -> str:
    return reverse(f"incidents:template_section_{name}", args=[section.template_id, section.pk])


def test_everyone_reads_which_there_are_and_who_uses_them(as_viewer: Client, template: PostmortemTemplate) -> None:
    SeverityLevel.objects.filter(level__in=(4, 5)).update(postmortem_template=template)
    listed = text_of(as_viewer.get(HERE))
    assert re.findall(r"<h2>([^<]*)</h2>", listed)[:2] == ["Complete", "Data-loss recovery"]
    own = listed.partition(f'id="template-{template.pk}"')[2].partition("</li>\n")[0]
    assert re.findall(r"SEV\d", listed) == ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]
    assert "SEV4" in own
    assert "One page for small incidents" in own
    assert "6 sections" in own
    assert template.get_absolute_url() not in listed
    levels = text_of(as_viewer.get("/severities/"))
    assert levels.count(f'{HERE}#template-{template.pk}">Lightweight') == 2


def test_an_administrator_adds_one_and_says_who_uses_it(as_administrator: Client, template: PostmortemTemplate) -> None:
    refused = as_administrator.post(f"{HERE}new/", {"name": "lightWEIGHT"})
    assert (refused.status_code, "Another template has this name" in text_of(refused)) == (422, True)
    answer = as_administrator.post(f"{HERE}new/", {"name": "Ours", "severities": [3, 4]})
    made = PostmortemTemplate.objects.get(name="Ours")
    assert answer["Location"] == made.get_absolute_url()
    assert [level.pk for level in made.severity_levels.order_by("level")] == [3, 4]


def test_it_is_renamed_and_a_slower_one_meets_a_conflict(as_administrator: Client, page: str) -> None:
    first = {"name": "Small", "description": "For small ones", "severities": [5]}
    shown = seen(as_administrator, page)
    assert as_administrator.post(page, first | shown)["Location"] == page
    assert "For small ones" in text_of(as_administrator.get(page))
    slower = as_administrator.post(page, {"name": "Smaller"} | shown)
    assert slower.status_code == 422
    assert "Somebody saved this while you were writing" in text_of(slower)
    assert PostmortemTemplate.objects.filter(name="Small").exists()


def test_the_severity_form_chooses_as_well(as_administrator: Client, template: PostmortemTemplate) -> None:
    form = text_of(as_administrator.get("/severities/5/"))
    assert re.search(r"<option value=\"\d+\" selected>\s*Complete", form)
    facts = {"name": "SEV5", "definition": "x", "postmortem_days": 1, "action_item_days": 1}
    sent = facts | seen(as_administrator, "/severities/5/") | {"postmortem_template": template.pk}
    assert as_administrator.post("/severities/5/", sent).status_code == 302
    assert SeverityLevel.objects.get(level=5).postmortem_template == template
    PostmortemTemplate.objects.filter(pk=template.pk).update(removed_at="2026-01-01T00:00Z")
    form = text_of(as_administrator.get("/severities/5/"))
    assert "Lightweight" not in form
    assert re.search(r"<option value=\"\" selected>\s*Debrief's own sections", form)


def test_the_keyboard_stays_on_the_button_that_moves(as_administrator: Client, page: str) -> None:
    section = TemplateSection.objects.get(template__name="Lightweight", key="impact")
    for place in (0, 0):
        answer = as_administrator.post(address("position", section), {"direction": "up"})
        assert titles(as_administrator, page)[place] == "Impact"
        shown = text_of(as_administrator.get(answer["Location"]))
        (focused,) = re.findall(r"<button[^>]*\sautofocus\b[^>]*>", shown.partition('class="outline"')[2])
        assert 'value="up"' in focused
        assert "Move “Impact” up" in focused
    # At the end the button stays, and does nothing.
    assert 'aria-disabled="true"' in focused
    as_administrator.post(address("position", section), {"direction": "down"})
    assert titles(as_administrator, page)[:2] == ["What happened", "Impact"]


def test_a_section_is_added_renamed_removed_and_brought_back(as_administrator: Client, page: str) -> None:
    before = titles(as_administrator, page)
    assert as_administrator.post(f"{page}sections/", {"title": " "}).status_code == 422
    answer = as_administrator.post(f"{page}sections/", {"title": "Money", "kind": "", "prompt": "How much?"})
    added = TemplateSection.objects.get(title="Money")
    assert answer["Location"] == f"{page}#section-{added.pk}"
    assert "How much?" in text_of(as_administrator.get(page))
    here = address("edit", added)
    assert (
        as_administrator.post(here, {"title": "Costs", "prompt": ""} | seen(as_administrator, here)).status_code == 302
    )
    assert titles(as_administrator, page) == [*before, "Costs"]
    gone = as_administrator.post(address("removal", added))
    told = text_of(as_administrator.get(gone["Location"]))
    assert "“Costs” was removed." in told
    assert titles(as_administrator, page) == before
    assert f'action="{address("removal", added)}"' in told
    as_administrator.post(address("removal", added), {"undo": "yes"})
    assert titles(as_administrator, page) == [*before, "Costs"]


def test_records_that_stand_already_are_not_offered_again(as_administrator: Client, page: str) -> None:
    form = text_of(as_administrator.get(page))
    assert re.findall(r'<option value="(\w*)"', form.partition('id="id_section_kind"')[2])[:3] == [
        "",
        "detection",
        "response",
    ]
    refused = as_administrator.post(f"{page}sections/", {"title": "Twice", "kind": "impact"})
    assert refused.status_code == 422


def test_it_is_copied(as_administrator: Client, page: str) -> None:
    answer = as_administrator.post(f"{page}copy/")
    assert "No severity uses it yet." in text_of(as_administrator.get(answer["Location"]))
    assert titles(as_administrator, answer["Location"]) == titles(as_administrator, page)


def test_removing_it_asks_and_can_be_undone(as_administrator: Client, administrator: User) -> None:
    complete = PostmortemTemplate.objects.get(name="Complete")
    here = f"{complete.get_absolute_url()}removal/"
    asked = text_of(as_administrator.get(here))
    assert "Remove “Complete”?" in asked
    assert asked.count('class="severity"') == 5
    assert PostmortemTemplate.objects.filter(name="Complete").exists()
    gone = as_administrator.post(here)
    told = text_of(as_administrator.get(gone["Location"]))
    assert "“Complete” was removed." in told
    assert f'id="template-{complete.pk}"' not in told
    assert "Debrief's own sections" in text_of(as_administrator.get("/severities/"))
    assert "Removed" in text_of(as_administrator.get(complete.get_absolute_url()))
    as_administrator.post(here, {"undo": "yes"})
    assert f'id="template-{complete.pk}"' in text_of(as_administrator.get(HERE))


def test_bringing_one_back_whose_name_is_taken_says_so(as_administrator: Client, template: PostmortemTemplate) -> None:
    here = f"{template.get_absolute_url()}removal/"
    as_administrator.post(here)
    as_administrator.post(f"{HERE}new/", {"name": "Lightweight"})
    answer = as_administrator.post(here, {"undo": "yes"}, follow=True)
    assert "Another template has this name" in text_of(answer)


def test_others_change_nothing(as_responder: Client, as_viewer: Client, template: PostmortemTemplate) -> None:
    section = template.sections.all()[0]
    pages = [
        f"{HERE}new/",
        template.get_absolute_url(),
        f"{template.get_absolute_url()}removal/",
        address("edit", section),
    ]
    posts = [*pages, f"{template.get_absolute_url()}copy/", f"{template.get_absolute_url()}sections/"]
    posts += [address("position", section), address("removal", section)]
    for client in (as_responder, as_viewer):
        assert {client.get(here).status_code for here in pages} == {403}
        assert {client.post(here, {"title": "x", "name": "x"}).status_code for here in posts} == {403}
    assert as_viewer.get(f"{HERE}?removed={template.pk}").status_code == 200


@pytest.mark.parametrize("typed", ["", "x", "0", "9" * 40, "-1", "²"])
def test_what_was_never_removed_cannot_be_undone(as_administrator: Client, page: str, typed: str) -> None:
    assert 'class="undo"' not in text_of(as_administrator.get(HERE, {"removed": typed}))
    assert 'class="undo"' not in text_of(as_administrator.get(page, {"removed": typed}))


def test_a_section_belongs_to_its_template(as_administrator: Client, template: PostmortemTemplate) -> None:
    other = TemplateSection.objects.filter(template__name="Complete")[0]
    here = reverse("incidents:template_section_edit", args=[template.pk, other.pk])
    assert as_administrator.get(here).status_code == 404


def test_the_pages_take_as_many_queries_for_many_as_for_few(
    as_administrator: Client, template: PostmortemTemplate, django_assert_num_queries: Any
) -> None:
    counts = {HERE: 5, template.get_absolute_url(): 7}
    for count in (0, 20):
        for number in range(count):
            TemplateSection.objects.create(template=template, key=f"more-{number}", title="More", position=50 + number)
            as_administrator.post(f"{HERE}new/", {"name": f"Another {number}"})
        for here, expected in counts.items():
            with django_assert_num_queries(expected):
                as_administrator.get(here)
