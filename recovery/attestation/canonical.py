"""One text for one value, so that digests and comparisons mean something."""

import hashlib
import json
import math
from datetime import UTC, datetime
from typing import Any


def as_text(value: Any) -> str:
    """JSON in ASCII, with sorted keys and without blanks; 1, 1.0 and true are three different texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """The SHA-256 of the value's text."""
    return digest_of_text(as_text(value))


def digest_of_text(text: str) -> str:
    """The SHA-256 of the text in UTF-8, also of one that UTF-8 has no form for."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: Any) -> Any:
    """The value of a column as JSON has it: instants in RFC 3339 and UTC to the microsecond."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, float) and not math.isfinite(value):
        # JSON has no such number.
        return str(value)
    if isinstance(value, bytes):
        # SQLite keeps in any column what it is given.
        return {"bytes": value.hex()}
    return value
