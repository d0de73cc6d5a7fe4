"""Typed readers of environment variables; a value that cannot be used stops the start with its name and the fix."""

import os
from datetime import date
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


def read_text(name: str, default: str) -> str:
    """The variable's text without surrounding blanks; `default` where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def read_flag(name: str, default: bool) -> bool:
    """True or False; anything but a plain yes or no is refused."""
    text = read_text(name, "yes" if default else "no").lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise ImproperlyConfigured(f"{name} is {text!r}; set it to yes or no.")


def read_choice(name: str, default: str, choices: list[str]) -> str:
    """One of the words in `choices`."""
    text = read_text(name, default).lower()
    if text not in choices:
        raise ImproperlyConfigured(f"{name} is {text!r}; set it to one of: {', '.join(choices)}.")
    return text


def read_number(name: str, default: int, *, at_least: int = 0) -> int:
    """A whole number, `at_least` or more."""
    text = read_text(name, str(default))
    try:
        number = int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {text!r}; set it to a whole number.") from None
    if number < at_least:
        raise ImproperlyConfigured(f"{name} is {number}; set it to {at_least} or more.")
    return number


def read_list(name: str, default: list[str]) -> list[str]:
    """The parts between commas, blanks removed; `default` where nothing is left."""
    parts = [part.strip() for part in read_text(name, "").split(",")]
    return [part for part in parts if part] or default


def read_days(name: str) -> frozenset[date]:
    """The days between commas, each as 2026-12-25; none where it is unset. Anything else stops the start."""
    days = set()
    for text in read_list(name, []):
        try:
            days.add(date.fromisoformat(text))
        except ValueError:
            raise ImproperlyConfigured(f"{name} has {text!r}; write each day as 2026-12-25.") from None
    return frozenset(days)


def read_folder(name: str, default: Path) -> Path:
    """An absolute path; a leading `~` is the home folder."""
    return Path(read_text(name, str(default))).expanduser().absolute()
