"""What is installed is exactly what was compiled: pinned, hashed, from wherever pip is told to look."""

import re

import pytest

from tests.project.sources import ROOT, find, text_of

COMPILED = ["requirements.txt", "requirements-dev.txt"]


def requirements(name: str) -> list[str]:
    """Each requirement with its hashes, as one line; comments left out."""
    lines = [line for line in text_of(ROOT / name).splitlines() if line.strip() and not line.strip().startswith("#")]
    return "\n".join(lines).replace("\\\n", " ").splitlines()


def project_of(requirement: str) -> str:
    """The project's name, spelled as PEP 503 says."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[~=<>!;@]", requirement, maxsplit=1)[0]).lower()


def pins(name: str) -> dict[str, str]:
    found = [re.match(r"([\w.-]+)==([\w.!+]+)", line) for line in requirements(name)]
    return {project_of(match[1]): match[2] for match in found if match}


@pytest.mark.parametrize("name", COMPILED)
def test_every_requirement_is_one_version_with_a_hash(name: str) -> None:
    lines = requirements(name)
    assert lines
    assert [line for line in lines if not re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ ", line)] == []
    assert [line for line in lines if not re.search(r" --hash=sha256:[0-9a-f]{64}\b", line)] == []


@pytest.mark.parametrize("name", [*COMPILED, "requirements.in", "requirements-dev.in"])
def test_requirements_say_nothing_about_where_packages_come_from(name: str) -> None:
    assert list(find(r"https?://|^\s*-(i|f)\b|--(extra-)?index|--find|--trusted|--no-index", [ROOT / name])) == []


@pytest.mark.parametrize("name", COMPILED)
def test_everything_asked_for_is_compiled(name: str) -> None:
    asked = [line for line in requirements(name.replace(".txt", ".in")) if not line.startswith("-r ")]
    assert asked
    assert {project_of(line) for line in asked} - {project_of(line) for line in requirements(name)} == set()


def test_the_tests_run_on_the_versions_that_debrief_runs_on() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()
