from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lib.env import read_choice, read_days, read_flag, read_folder, read_list, read_number, read_text

NAME = "DEBRIEF_SOMETHING"


@pytest.mark.parametrize(("text", "value"), [(None, "so"), ("", "so"), ("  ", "so"), (" that ", "that")])
def test_text_without_blanks_or_the_default(monkeypatch: pytest.MonkeyPatch, text: str | None, value: str) -> None:
    if text is not None:
        monkeypatch.setenv(NAME, text)
    assert read_text(NAME, "so") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [(text, True) for text in ("1", "TRUE", "yes", " on ")] + [(text, False) for text in ("0", "false", "No", "off")],
)
@pytest.mark.parametrize("default", [True, False])
def test_a_flag_is_a_plain_yes_or_no(monkeypatch: pytest.MonkeyPatch, text: str, value: bool, default: bool) -> None:
    monkeypatch.setenv(NAME, text)
    assert read_flag(NAME, default) is value


@pytest.mark.parametrize("default", [True, False])
def test_an_empty_flag_is_the_default(monkeypatch: pytest.MonkeyPatch, default: bool) -> None:
    monkeypatch.setenv(NAME, "")
    assert read_flag(NAME, default) is default


def test_any_other_flag_stops_the_start_with_name_and_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "perhaps")
    with pytest.raises(ImproperlyConfigured, match=r"DEBRIEF_SOMETHING is 'perhaps'; set it to yes or no\."):
        read_flag(NAME, default=False)


@pytest.mark.parametrize(("text", "value"), [("", 7), ("12", 12), (" 3 ", 3), ("0", 0)])
def test_a_number_or_the_default(monkeypatch: pytest.MonkeyPatch, text: str, value: int) -> None:
    monkeypatch.setenv(NAME, text)
    assert read_number(NAME, 7) == value


@pytest.mark.parametrize("text", ["many", "1.5", "0x10", "1e3", "9" * 5000])
def test_what_is_no_number_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, text)
    with pytest.raises(ImproperlyConfigured, match=r"DEBRIEF_SOMETHING is .*; set it to a whole number\."):
        read_number(NAME, 7)


def test_a_number_below_the_least_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "0")
    with pytest.raises(ImproperlyConfigured, match=r"DEBRIEF_SOMETHING is 0; set it to 1 or more\."):
        read_number(NAME, 7, at_least=1)


@pytest.mark.parametrize(
    ("text", "value"), [("", ["x"]), (" , ,", ["x"]), ("a", ["a"]), (" a, b ,,c", ["a", "b", "c"])]
)
def test_a_list_is_what_stands_between_commas(monkeypatch: pytest.MonkeyPatch, text: str, value: list[str]) -> None:
    monkeypatch.setenv(NAME, text)
    assert read_list(NAME, ["x"]) == value


def test_a_folder_is_absolute_and_knows_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", "/srv/somebody")
    monkeypatch.chdir(tmp_path)
    assert read_folder(NAME, Path("/var/lib")) == Path("/var/lib")
    monkeypatch.setenv(NAME, "~/data")
    assert read_folder(NAME, Path("/var/lib")) == Path("/srv/somebody/data")
    monkeypatch.setenv(NAME, "data")
    assert read_folder(NAME, Path("/var/lib")) == tmp_path / "data"


def test_a_choice_is_one_of_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_choice(NAME, "a", ["a", "b"]) == "a"
    monkeypatch.setenv(NAME, " B ")
    assert read_choice(NAME, "a", ["a", "b"]) == "b"
    monkeypatch.setenv(NAME, "c")
    with pytest.raises(ImproperlyConfigured, match=r"DEBRIEF_SOMETHING is 'c'; set it to one of: a, b\."):
        read_choice(NAME, "a", ["a", "b"])


def test_days_are_read_one_by_one_and_what_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_days(NAME) == frozenset()
    monkeypatch.setenv(NAME, "2026-12-25, 2027-01-01,")
    assert read_days(NAME) == {date(2026, 12, 25), date(2027, 1, 1)}
    monkeypatch.setenv(NAME, "25.12.2026")
    with pytest.raises(
        ImproperlyConfigured, match=r"DEBRIEF_SOMETHING has '25\.12\.2026'; write each day as 2026-12-25"
    ):
        read_days(NAME)
