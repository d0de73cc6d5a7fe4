"""Tells whoever has just saved a reference to a secret that nothing is there yet."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest

from lib.secret_references import list_unreadable


def warn_of_unreadable(request: HttpRequest, references: Mapping[str, str]) -> None:
    """The next page warns of each of the secrets, by name, that cannot be read right now; it may be there later."""
    for sentence in list_unreadable(references):
        messages.warning(request, sentence)
