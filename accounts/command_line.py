"""Who runs a command that changes records: `--as USERNAME`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.audit import Door, changes_by
from accounts.models import User


def add_actor(parser: CommandParser) -> None:
    """The command takes `--as USERNAME`."""
    parser.add_argument(
        "--as", dest="actor", metavar="USERNAME", help="who does this, for the history of every record that changes"
    )


@contextmanager
def acting(options: Mapping[str, Any]) -> Iterator[User | None]:
    """The person whose changes these are; None, and the system's own, where nobody was named.

    Whoever runs commands on the host can name anybody: it is a note of who it was, and no proof.
    """
    username = options.get("actor")
    actor = User.objects.filter(username=username, is_active=True).first() if username else None
    if username and actor is None:
        raise CommandError(f"--as {username}: there is nobody with this user name who may sign in.", returncode=2)
    with changes_by(actor, door=Door.SYSTEM):
        yield actor
