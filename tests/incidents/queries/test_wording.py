"""What the guide to blameless wording says, and in which language."""

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from incidents.queries.wording import to_advice
from incidents.wording.check import Mark
from incidents.wording.rules import TEAM, load_rules

RULE = load_rules().rules["en-forgot"]


@pytest.fixture
def thai(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue that has the why of one rule."""
    words = trans_real.translation("th")._catalog._catalogs[0]  # type: ignore[attr-defined]
    monkeypatch.setitem(words, RULE.why, "การลืมเป็นเรื่องปกติ")


def test_a_rule_speaks_the_readers_language_where_somebody_translated_it(thai: None) -> None:
    assert (to_advice(RULE).why, to_advice(RULE).language) == (RULE.why, "en")
    with translation.override("th"):
        assert (to_advice(RULE).why, to_advice(RULE).language) == ("การลืมเป็นเรื่องปกติ", "th")
        other = load_rules().rules["en-should-have"]
        assert (to_advice(other).why, to_advice(other).language) == (other.why, "en")


def test_the_rules_of_thai_speak_thai(thai: None) -> None:
    for language in ("en", "th"):
        with translation.override(language):
            assert to_advice(load_rules().rules["th-forgot"]).language == "th"


def test_the_words_of_a_team_stand_as_they_are(thai: None) -> None:
    mark = Mark(0, 6, "team-1", TEAM, RULE.why, "Say what happened.", "en")
    with translation.override("th"):
        assert (to_advice(mark).why, to_advice(mark).language) == (RULE.why, "en")
