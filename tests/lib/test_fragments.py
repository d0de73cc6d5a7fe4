"""What is made once for the same values and remembered."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from lib.fragments import remembered
from lib.moments import clock_element

AT = datetime(2024, 3, 10, 14, 3, tzinfo=UTC)


@pytest.fixture
def asked() -> list[str]:
    """The names that were not remembered, in order."""
    return []


@pytest.fixture
def make(asked: list[str]) -> Any:
    @remembered
    def make(name: str, at: datetime) -> str:
        """A piece of a page."""
        asked.append(name)
        return f"{name} {clock_element(at)} {gettext('Yes')}"

    return make


def test_the_same_values_are_asked_for_once(make: Any, asked: list[str]) -> None:
    assert make("a", AT) == make("a", AT)
    assert make("b", AT).startswith("b ")
    assert asked == ["a", "b"]


def test_another_zone_or_language_is_another_piece(make: Any) -> None:
    assert "14:03" in make("a", AT)
    with timezone.override("Asia/Bangkok"):
        assert "21:03" in make("a", AT)
    with translation.override("de"):
        assert "Ja" in make("a", AT)
    assert ("14:03" in make("a", AT), "Yes" in make("a", AT)) == (True, True)


def test_nothing_is_remembered_while_templates_are_worked_on(make: Any, asked: list[str], settings: Any) -> None:
    settings.DEBUG = True
    make("a", AT)
    make("a", AT)
    assert asked == ["a", "a"]


def test_it_says_what_the_function_says(make: Any) -> None:
    assert (make.__name__, make.__doc__) == ("make", "A piece of a page.")
