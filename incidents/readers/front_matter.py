"""What stands between the fences at the top of a document: YAML between `---`, TOML between `+++`."""

import re
import tomllib
from datetime import date, datetime
from typing import Any

import yaml

MOST_CHARACTERS = 20_000
MOST_VALUES = 100
LONGEST_VALUE = 2_000
_FENCED = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)


def split_front_matter(text: str) -> tuple[dict[str, Any], int, bool]:
    """The values by their names in lower case, how many lines they take, and whether they could be read.

    Where they cannot be read, they take no lines: they stay prose.
    """
    found = _FENCED.match(text[:MOST_CHARACTERS])
    if found is None:
        return {}, 0, True
    try:
        values = tomllib.loads(found[2]) if found[1] == "+++" else _read_yaml(found[2])
    except (tomllib.TOMLDecodeError, yaml.YAMLError, ValueError, RecursionError):
        return {}, 0, False
    if not isinstance(values, dict) or len(values) > MOST_VALUES:
        return {}, 0, values is None
    return {str(name).strip(): value for name, value in values.items()}, found[0].count("\n"), True


def _read_yaml(text: str) -> Any:
    # An alias can make a small text a huge value; nobody needs one here.
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
        raise yaml.YAMLError("aliases are not read")
    return yaml.safe_load(text)


def in_words(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(filter(None, map(in_words, value[:MOST_VALUES])))
    if isinstance(value, dict):
        return _name_in(value) or ", ".join(f"{key}: {in_words(each)}" for key, each in value.items())
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else " ".join(str(value).split())[:LONGEST_VALUE]


def _name_in(value: dict[Any, Any]) -> str:
    """Of a person with nothing but a name, the name."""
    return in_words(value["name"]) if set(value) == {"name"} else ""
