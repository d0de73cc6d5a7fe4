"""Registering the databases and replicas that a configuration of Litestream names."""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import count
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from lib.errors import DomainError
from lib.secret_references import SecretError, check_reference
from recovery.errors import RecoveryError
from recovery.methods.litestream_config import (
    Configuration,
    ConfiguredDatabase,
    ConfiguredReplica,
    make_name,
    read_configuration,
)
from recovery.methods.sqlite_file import describe_problem
from recovery.models import Database, Replica
from recovery.services.confinement import follow_path
from recovery.services.registration import RESERVED_NAME, register_database
from recovery.services.replica_registration import add_replica

Outcome = Literal["new", "there", "problem"]
MOST_FILES = 500


@dataclass(frozen=True)
class Imported:
    """One database (or, with `replica`, one of its replicas), and what became of it; `problem` says why not."""

    database: str
    place: str
    outcome: Outcome
    replica: str = ""
    problem: str = ""


@dataclass
class Import:
    """What an import did, or would do; `warnings` and `notes` as in the configuration."""

    items: list[Imported] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def new_count(self) -> int:
        """How many databases and replicas are new."""
        return sum(item.outcome == "new" for item in self.items)

    @property
    def has_problems(self) -> bool:
        """Whether something could not be registered."""
        return any(item.outcome == "problem" for item in self.items)


def preview_litestream(text: str) -> Import:
    """What importing `text` would register, found by doing it and taking it back."""
    configuration, files = _read(text)
    with transaction.atomic():
        found = _import(configuration, files)
        transaction.set_rollback(True)
    return found


def import_litestream(text: str) -> Import:
    """Every database and replica in `text` is registered, as far as each can be; a second time changes nothing.

    Raises RecoveryError where `text` is no configuration.
    """
    return _import(*_read(text))


def _read(text: str) -> tuple[Configuration, list[list[tuple[Path, str]] | DomainError]]:
    """The configuration, and for each of its databases the files or why there are none.

    Folders are searched here, outside of any transaction: a disk that answers late keeps nobody from writing.
    """
    configuration = read_configuration(text)
    files: list[list[tuple[Path, str]] | DomainError] = []
    for entry in configuration.databases:
        try:
            files.append(_find_files(entry))
        except DomainError as error:
            files.append(error)
    return configuration, files


def _import(configuration: Configuration, files: list[list[tuple[Path, str]] | DomainError]) -> Import:
    found = Import(warnings=list(configuration.warnings), notes=list(configuration.notes))
    for entry, known in zip(configuration.databases, files, strict=True):
        if isinstance(known, DomainError):
            found.items.append(Imported("", entry.path, "problem", problem=str(known)))
            continue
        try:
            for path, beneath in known:
                _import_database(path, beneath, entry.replicas, found)
        except DomainError as error:
            found.items.append(Imported("", entry.path, "problem", problem=str(error)))
    return found


def _find_files(entry: ConfiguredDatabase) -> list[tuple[Path, str]]:
    """The files, each with where Litestream puts it beneath the replica's place; empty for a single one."""
    if not entry.pattern:
        return [(follow_path(entry.path, field="path"), "")]
    folder = follow_path(entry.path, field="path")
    paths = folder.rglob("*") if entry.is_recursive else folder.glob("*")
    matching = sorted(path for path in paths if fnmatch(path.name, entry.pattern) and describe_problem(path) is None)
    if not matching:
        raise RecoveryError(
            _("No SQLite database in %(folder)s matches %(pattern)s.") % {"folder": folder, "pattern": entry.pattern}
        )
    return [(path, str(path.relative_to(folder))) for path in matching[:MOST_FILES]]


def _import_database(path: Path, beneath: str, replicas: tuple[ConfiguredReplica, ...], found: Import) -> None:
    database = Database.objects.filter(path=str(path), host="").first()
    if database:
        found.items.append(Imported(database.name, str(path), "there"))
    else:
        try:
            database = register_database(name=_choose_name(path), path=str(path))
        except DomainError as error:
            found.items.append(Imported(make_name(path.stem), str(path), "problem", problem=str(error)))
            return
        found.items.append(Imported(database.name, str(path), "new"))
    for configured in replicas:
        _import_replica(database, configured, beneath, found)


def _import_replica(database: Database, configured: ConfiguredReplica, beneath: str, found: Import) -> None:
    def report(outcome: Outcome, *, name: str = "", problem: str = "") -> None:
        place = configured.destination or _("unknown place")
        found.items.append(Imported(database.name, destination or place, outcome, name or configured.name, problem))

    destination = _join(configured.destination, beneath)
    if configured.problem:
        report("problem", problem=configured.problem)
        return
    if there := _find_replica(database, destination):
        report("there", name=there.name)
        return
    secrets = _usable(configured, database, found)
    try:
        replica = add_replica(
            database,
            name=_choose_replica_name(database, configured.name),
            destination=destination,
            options=configured.options,
            secrets=secrets,
        )
    except DomainError as error:
        report("problem", problem=str(error))
    else:
        report("new", name=replica.name)


def _usable(configured: ConfiguredReplica, database: Database, found: Import) -> dict[str, str]:
    """The references that may be followed; each other one is named in a warning."""
    secrets = {}
    for name, reference in configured.secrets.items():
        try:
            check_reference(reference)
        except SecretError as error:
            found.warnings.append(
                _("%(database)s (%(replica)s): %(name)s is left out. %(reason)s")
                % {"database": database, "replica": configured.name, "name": name, "reason": error}
            )
        else:
            secrets[name] = reference
    return secrets


def _find_replica(database: Database, destination: str) -> Replica | None:
    place = destination
    if "://" not in destination:
        try:
            place = str(follow_path(destination, field="destination"))
        except RecoveryError:
            return None
    return database.replicas.filter(destination=place).first()


def _join(destination: str, beneath: str) -> str:
    return f"{destination.rstrip('/')}/{beneath}" if destination and beneath else destination


def _choose_name(path: Path) -> str:
    """The file's name without its ending; where that is taken, with its folder's name before it, or a number."""
    stem = make_name(path.stem)
    wanted = [stem, make_name(f"{path.parent.name}-{stem}")]
    taken = {RESERVED_NAME, *Database.objects.values_list("name", flat=True)}
    numbered = (f"{stem[:70]}-{number}" for number in count(2))
    return next((name for name in wanted if name not in taken), None) or next(n for n in numbered if n not in taken)


def _choose_replica_name(database: Database, wanted: str) -> str:
    taken = set(database.replicas.values_list("name", flat=True))
    numbered = (f"{wanted[:70]}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(name for name in numbered if name not in taken)
