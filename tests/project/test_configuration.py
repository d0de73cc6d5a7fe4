"""docs/configuration.md lists every variable that is read, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["config", "accounts", "incidents", "recovery", "lib"]
# Set by every shell or by make, not by whoever configures Debrief
GIVEN = {"PATH", "PWD", "HOME", "MAKEFLAGS", "SHELL"}


def documented() -> dict[str, list[str]]:
    """Default, meaning and example of each variable, as they stand in the tables."""
    lines = (ROOT / "docs" / "configuration.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in rows if re.fullmatch("`[A-Z][A-Z0-9_]+`", row[0])}


def python_sources() -> list[str]:
    return [path.read_text() for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def read_by_the_application() -> set[str]:
    return {name for text in python_sources() for name in re.findall(r'\bread_[a-z]+\(\s*"([A-Z][A-Z0-9_]+)"', text)}


def read_by_scripts() -> set[str]:
    scripts = [ROOT / "Procfile", ROOT / ".ci" / "run", *sorted((ROOT / "deploy").rglob("*.sh"))]
    shell = {name for path in scripts for name in re.findall(r"\$\{?([A-Z][A-Z0-9_]+)", path.read_text())}
    makefile = (ROOT / "Makefile").read_text()
    make = set(re.findall(r"\$\$?[({]?([A-Z][A-Z0-9_]+)", makefile) + re.findall(r"^([A-Z_]+) \?=", makefile, re.M))
    return (shell | make) - GIVEN


def test_every_variable_that_is_read_is_documented() -> None:
    assert sorted((read_by_the_application() | read_by_scripts()) - set(documented())) == []


def test_every_documented_variable_is_read() -> None:
    assert sorted(set(documented()) - read_by_the_application() - read_by_scripts()) == []


def test_documented_numbers_are_those_of_the_code() -> None:
    numbers = dict(re.findall(r'read_number\(\s*"([A-Z0-9_]+)",\s*(\d+)[,)]', "\n".join(python_sources())))
    assert numbers
    assert {name for name, number in numbers.items() if f"`{number}`" not in documented()[name][0]} == set()


def test_every_variable_has_a_default_a_meaning_and_an_example() -> None:
    assert [name for name, cells in documented().items() if len(cells) != 3 or not all(cells)] == []
