"""What post-mortems are begun from: who uses which, copies, and taking back a removal."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from incidents.errors import IncidentError
from incidents.models import PostmortemTemplate, SeverityLevel
from incidents.services.postmortem_templates import (
    add_template,
    bring_back_template,
    change_template,
    copy_template,
    remove_template,
    template_values,
)
from incidents.services.severities import change_severity_level, severity_values
from incidents.services.template_sections import (
    add_section,
    bring_back_section,
    change_section,
    move_section,
    remove_section,
    section_values,
)
from lib.edits import fingerprint
from lib.errors import EditConflict
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def template(name: str = "Lightweight") -> PostmortemTemplate:
    return PostmortemTemplate.objects.get(name=name)


def using(name: str) -> list[int]:
    return [level.pk for level in template(name).severity_levels.order_by("level")]


def levels(*numbers: int) -> list[SeverityLevel]:
    return list(SeverityLevel.objects.filter(level__in=numbers))


def keys(of: PostmortemTemplate) -> list[str]:
    return [section.key for section in of.sections.all()]


def test_levels_go_to_the_template_that_is_said_to_be_theirs() -> None:
    add_template(name="Ours", severities=levels(1, 5))
    assert (using("Ours"), using("Complete")) == ([1, 5], [2, 3, 4])
    change_template(template("Ours"), name="Ours", description="", severities=levels(5, 4))
    assert (using("Ours"), using("Complete")) == ([4, 5], [2, 3])
    assert SeverityLevel.objects.get(level=1).postmortem_template is None
    assert keys(template("Ours")) == ["summary"]


@pytest.mark.parametrize("name", ["Complete", "cOMPLETE"])
def test_two_templates_of_one_name_are_refused(name: str) -> None:
    with pytest.raises(IncidentError, match="Another template has this name"):
        add_template(name=name)
    with pytest.raises(IncidentError, match="Another template has this name"):
        change_template(template(), name=name, description="", severities=[])
    change_template(template(), name="lightweight", description="", severities=[])


def test_who_was_slower_hears_it() -> None:
    seen = fingerprint(template_values(template()))
    change_template(template(), name="Lightweight", description="", severities=levels(5), seen=seen)
    with pytest.raises(EditConflict):
        change_template(template(), name="Lightweight", description="", severities=[], seen=seen)
    section = template().sections.get(key="impact")
    seen = fingerprint(section_values(section))
    change_section(section, title="Damage", prompt="How much?", seen=seen)
    with pytest.raises(EditConflict):
        change_section(section, title="Harm", prompt="How much?", seen=seen)


def test_a_copy_has_the_same_sections_and_no_level() -> None:
    once, twice = copy_template(template()), copy_template(template())
    assert [copy.name for copy in (once, twice)] == ["Lightweight (copy)", "Lightweight (copy 2)"]
    assert keys(once) == keys(twice) == keys(template())
    prompts = [section.prompt for section in template().sections.all()]
    assert [section.prompt for section in once.sections.all()] == prompts
    assert any(prompts)
    assert using(once.name) == []
    remove_section(once.sections.get(key="impact"), now=NOW)
    assert "impact" in keys(template())
    long = add_template(name="x" * 80)
    assert len(copy_template(long).name) == 80


def test_a_removed_one_is_in_no_choice_and_comes_back_for_its_levels() -> None:
    gone = remove_template(template("Complete"), now=NOW)
    # Twice is once: since when it is gone stays.
    assert remove_template(gone, now=NOW + timedelta(days=1)).removed_at == NOW
    assert not PostmortemTemplate.objects.filter(name="Complete").exists()
    other = add_template(name="Complete")
    with pytest.raises(IncidentError, match="Another template has this name"):
        bring_back_template(gone)
    PostmortemTemplate.objects.filter(pk=other.pk).update(name="Meanwhile")
    for level in SeverityLevel.objects.all():
        # Of a template that was removed the form knows nothing; saved with something else, it forgets nothing.
        change_severity_level(level, **severity_values(level) | {"definition": f"Level {level.pk}"})
    bring_back_template(gone)
    assert using("Complete") == [1, 2, 3, 4, 5]
    level = levels(1)[0]
    assert change_severity_level(level, **severity_values(level) | {"postmortem_template": None}).name == level.name
    assert using("Complete") == [2, 3, 4, 5]


def test_sections_are_added_renamed_moved_removed_and_brought_back() -> None:
    ours = template()
    before = keys(ours)
    own = add_section(ours, title="Ours", prompt="Hm?")
    assert keys(ours) == [*before, "own-1"]
    change_section(own, title="Mine", prompt="")
    assert ours.sections.last().title == "Mine"  # type: ignore[union-attr]
    move_section(own, direction="up")
    assert keys(ours) == [*before[:-1], "own-1", before[-1]]
    impact = remove_section(ours.sections.get(key="impact"), now=NOW)
    assert "impact" not in keys(ours)
    bring_back_section(impact)
    assert keys(ours)[1] == "impact"
    with pytest.raises(IncidentError, match="already"):
        add_section(ours, title="Twice", kind="impact")
    add_section(ours, title="Evidence", kind="recovery")
    assert keys(ours)[-1] == "recovery"


def test_the_last_section_stays() -> None:
    with pytest.raises(IncidentError, match="only section"):
        remove_section(add_template(name="Ours").sections.get(), now=NOW)


def test_saving_a_form_unchanged_in_another_language_settles_no_words(monkeypatch: Any) -> None:
    catalogue = trans_real.translation("th")._catalog._catalogs[0]  # type: ignore[attr-defined]
    for english, thai in {"Lightweight": "แบบย่อ", "What happened": "เกิดอะไรขึ้น"}.items():
        monkeypatch.setitem(catalogue, english, thai)
    ours, section = template(), template().sections.get(key="summary")
    with translation.override("th"):
        change_template(ours, **template_values(ours))
        change_section(section, title="เกิดอะไรขึ้น", prompt="Ours?")
        with pytest.raises(IncidentError, match="name"):
            change_template(template("Complete"), name="แบบย่อ", description="", severities=[])
    section.refresh_from_db()
    assert (template().name, section.title, section.prompt) == ("Lightweight", "What happened", "Ours?")
