"""No file grows beyond what a reader takes in at once."""

from tests.project.sources import fragments, longer_than, name_of, pages, python_files, static_files

VAGUE = {"utils", "helpers", "common", "base", "managers", "misc"}


# Copied to other machines as one file, so it cannot be split.
IN_ONE_FILE = {"deploy/restore-test-agent.py"}


def test_no_python_module_is_longer_than_300_lines() -> None:
    assert longer_than(300, [path for path in python_files() if name_of(path) not in IN_ONE_FILE]) == []


def test_no_page_is_longer_than_120_lines() -> None:
    assert longer_than(120, pages()) == []


def test_no_fragment_is_longer_than_60_lines() -> None:
    assert longer_than(60, fragments()) == []


def test_no_stylesheet_is_longer_than_250_lines() -> None:
    assert longer_than(250, static_files(".css")) == []


def test_no_script_is_longer_than_150_lines() -> None:
    assert longer_than(150, static_files(".js")) == []


def test_every_module_is_named_after_its_subject() -> None:
    named = {name_of(path): {path.stem, *path.relative_to(path.parents[-2]).parts} for path in python_files()}
    assert [name for name, parts in named.items() if parts & VAGUE] == []


def test_there_is_something_to_measure() -> None:
    for files in (python_files(), pages(), fragments(), static_files(".css"), static_files(".js")):
        assert files
