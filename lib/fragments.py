"""What comes out the same for the same values: pieces of pages that are made once, then remembered."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

Values = ParamSpec("Values")
Made = TypeVar("Made")

# Of each function. A row of a timeline takes some 5 kB with all that is kept of it: about 20 MB of each process.
REMEMBERED = 4_096


def remembered(make: Callable[Values, Made]) -> Callable[Values, Made]:
    """The function, which is asked once for the same values, language and timezone of the reader.

    What is remembered is found by the values themselves, so it is never out of date, and nobody is shown a piece that
    was not made from what they may see. The function takes values that can be hashed, none of them long, and uses
    nothing else: no request, no person, no time of day. What it returns is shared and must not be changed.
    """

    @lru_cache(maxsize=REMEMBERED)
    def keep(_language: str | None, _zone: str, *values: Values.args, **named: Values.kwargs) -> Made:
        return make(*values, **named)

    @wraps(make)
    def find(*values: Values.args, **named: Values.kwargs) -> Made:
        if settings.DEBUG:
            # Whoever edits a template wants to see it change.
            return make(*values, **named)
        return keep(get_language(), get_current_timezone_name(), *values, **named)  # type: ignore[arg-type]

    return find
