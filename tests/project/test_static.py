"""Stylesheets, scripts, fonts and images: all that is named is there, and all that is there is used."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from tests.project.sources import STATIC, find, name_of, static_files, templates, text_of

# Put into the document by incidents/documents/html.py
READ_BY_CODE = {"css/document.css"}
TAG = r"""\{%\s*static\s+["']([^"']+)["']"""


def named_in_templates() -> dict[str, str]:
    """Each static file that a template names, with the template."""
    return {name: name_of(path) for path in templates() for name in re.findall(TAG, text_of(path))}


def imported(path: Path) -> list[str]:
    return re.findall(r"""(?:\bfrom|\bimport|\bimport\()\s*["'](\.[^"']+)["']""", text_of(path))


def names(paths: list[Path]) -> set[str]:
    return {path.relative_to(STATIC).as_posix() for path in paths}


def test_every_file_that_a_template_names_exists() -> None:
    assert named_in_templates()
    assert {name: where for name, where in named_in_templates().items() if not finders.find(name)} == {}


def test_every_file_that_a_stylesheet_names_exists() -> None:
    named = [
        (path, name) for path in static_files(".css") for name in re.findall(r"url\([\"']?([^\"')]+)", text_of(path))
    ]
    files = [(path, name) for path, name in named if not name.startswith(("data:", "#"))]
    assert files
    assert [(name_of(path), name) for path, name in files if not (path.parent / name).is_file()] == []


def test_every_module_that_a_script_imports_exists() -> None:
    named = [(path, name) for path in static_files(".js") for name in imported(path)]
    assert [(name_of(path), name) for path, name in named if not (path.parent / name).is_file()] == []


def test_every_stylesheet_is_linked() -> None:
    assert names(static_files(".css")) - set(named_in_templates()) == READ_BY_CODE


def test_every_script_is_loaded() -> None:
    by_others = {(path.parent / name).resolve() for path in static_files(".js") for name in imported(path)}
    assert names([path for path in static_files(".js") if path not in by_others]) - set(named_in_templates()) == set()


def test_every_custom_property_in_use_has_a_value() -> None:
    css = "\n".join(text_of(path) for path in static_files(".css"))
    assert set(re.findall(r"var\((--[\w-]+)", css)) - set(re.findall(r"(--[\w-]+):", css)) == set()


def test_only_the_tokens_and_the_document_say_colours() -> None:
    components = [path for path in static_files(".css") if path.name not in ("base.css", "document.css")]
    assert list(find(r"(?<![\w-])#[0-9a-f]{3,8}\b(?=[^{]*;)|\b(rgb|hsl|oklch)a?\(", components)) == []
