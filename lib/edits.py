"""Noticing that somebody else was quicker: a form carries the fingerprint of the values it was filled with."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from lib.errors import EditConflict


def values_of(record: Model, names: Iterable[str]) -> dict[str, Any]:
    """The record's values by field name."""
    return {name: getattr(record, name) for name in names}


def fingerprint(values: Mapping[str, Any]) -> str:
    """The same text for the same values, in any order and any timezone; records count by their keys."""
    plain = repr(sorted((name, _plain(value)) for name, value in values.items()))
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def check_unchanged(
    values: Mapping[str, Any], seen: str | None, *, find_writer: Callable[[], object | None] = lambda: None
) -> None:
    """Raises EditConflict where `values` are not those that `seen` is the fingerprint of; it names whom `find_writer`
    finds.

    To be asked with the values read under lock. None: whoever writes has filled no form, and nothing is compared.
    """
    if seen is not None and seen != fingerprint(values):
        words = _("%(name)s saved this while you were writing. Compare both and save again to keep yours.")
        raise EditConflict(words % {"name": find_writer() or _("Somebody")}, values=values)


def _plain(value: Any) -> str:
    if isinstance(value, Model):
        return repr(value.pk)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, list):
        return repr(sorted(map(_plain, value)))
    return repr(value)
