"""What a registered database needs to be replicated by Litestream, written out ready to use."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recovery.methods.litestream_setup import CONFIG, Place, example_place, make_files
from recovery.models import Database, Replica

PLACES: dict[str, str | Promise] = {"s3": _("S3 or compatible"), "sftp": "SFTP", "file": _("a folder")}


@dataclass(frozen=True)
class Choice:
    """One place to replicate to: a registered replica, or an example of its kind."""

    key: str
    label: str | Promise
    is_example: bool
    place: Place


def list_choices(database: Database) -> list[Choice]:
    """The database's own Litestream replicas first, then an example of each kind."""
    replicas = database.replicas.filter(method=Replica.Method.LITESTREAM)
    own = [Choice(replica.name, replica.name, is_example=False, place=_place_of(replica)) for replica in replicas]
    examples = [
        Choice(f"example-{kind}", label, is_example=True, place=example_place(kind, database.name))
        for kind, label in PLACES.items()
    ]
    return own + examples


def choose(choices: list[Choice], key: str) -> Choice:
    """The one with this key, else the first."""
    return next((choice for choice in choices if choice.key == key), choices[0])


def setup_files(database: Database, choice: Choice) -> dict[str, str]:
    """The files by name; the configuration is the first."""
    files = make_files(database.path, database.name, choice.place)
    return {CONFIG: files.pop(CONFIG), **files}


def _place_of(replica: Replica) -> Place:
    scheme = replica.destination.partition("://")[0] if "://" in replica.destination else "file"
    return Place(scheme, replica.destination, replica.options, replica.secrets)
