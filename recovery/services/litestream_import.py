"""Registering the databases and replicas that a configuration of Litestream names."""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import count, islice
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
from recovery.services.confinement import check_whole, follow_path
from recovery.services.registration import RESERVED_NAME, explain_absence, register_database
from recovery.services.replica_registration import add_replica

Outcome = Literal["new", "there", "problem"]
MOST_FILES = 500
# What a row holds.
LONGEST_HOST = 200
# Of a folder so large, a search would keep somebody waiting for minutes.
MOST_ENTRIES = 20_000


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


def preview_litestream(text: str, *, host: str = "") -> Import:
    """What importing `text` would register, found by doing it and taking it back."""
    configuration, files = _read(text, host)
    with transaction.atomic():
        found = _import(configuration, files, host)
        transaction.set_rollback(True)
    return found


def import_litestream(text: str, *, host: str = "") -> Import:
    """Every database and replica in `text` is registered, as far as each can be; a second time changes nothing.

    With a `host` it is the configuration of that machine, so no path in it is looked at here. Raises RecoveryError
    where `text` is no configuration.
    """
    return _import(*_read(text, host), host)


def _read(text: str, host: str) -> tuple[Configuration, list[list[tuple[Path, str]] | DomainError]]:
    """The configuration, and for each of its databases the files or why there are none.

    Folders are searched here, outside of any transaction: a disk that answers late keeps nobody from writing.
    """
    if len(host) > LONGEST_HOST:
        raise RecoveryError(_("This name of a host is too long. Choose a shorter one."), field="host")
    configuration = read_configuration(text)
    files: list[list[tuple[Path, str]] | DomainError] = []
    for entry in configuration.databases:
        try:
            files.append(_find_files(entry, host))
        except DomainError as error:
            files.append(error)
    return configuration, files


def _import(configuration: Configuration, files: list[list[tuple[Path, str]] | DomainError], host: str) -> Import:
    found = Import(warnings=list(configuration.warnings), notes=list(configuration.notes))
    for entry, known in zip(configuration.databases, files, strict=True):
        if isinstance(known, DomainError):
            found.items.append(Imported("", entry.path, "problem", problem=str(known)))
            continue
        try:
            for path, beneath in known:
                if database := _import_database(path, host, found):
                    for configured in entry.replicas:
                        _import_replica(database, configured, beneath, found)
        except DomainError as error:
            found.items.append(Imported("", entry.path, "problem", problem=str(error)))
        _call_by_name(found, entry.path, [path for path, _beneath in known])
    return found


def _call_by_name(found: Import, path: str, files: list[Path]) -> None:
    """What is said of the database at `path` begins with its name, as it is called everywhere else, not its path."""
    if len(files) != 1:
        return
    name = next((item.database for item in found.items if item.place == str(files[0]) and not item.replica), "")
    for sentences in (found.warnings, found.notes) if name else ():
        sentences[:] = [
            f"{name}{text.removeprefix(path)}" if text.startswith((f"{path} ", f"{path}:")) else text
            for text in sentences
        ]


def _find_files(entry: ConfiguredDatabase, host: str) -> list[tuple[Path, str]]:
    """The files, each with where Litestream puts it beneath the replica's place; empty for a single one."""
    if host and entry.pattern:
        raise RecoveryError(
            _("Which databases are in a folder of %(host)s cannot be seen from here. Register each by its path.")
            % {"host": host}
        )
    if host:
        return [(Path(check_whole(entry.path, field="path")), "")]
    if not entry.pattern:
        return [(follow_path(entry.path, field="path"), "")]
    folder = follow_path(entry.path, field="path")
    entries = list(islice(folder.rglob("*") if entry.is_recursive else folder.glob("*"), MOST_ENTRIES + 1))
    if len(entries) > MOST_ENTRIES:
        raise RecoveryError(
            _("%(folder)s holds more than %(most)s files and folders, too many to look through. Name one further down.")
            % {"folder": folder, "most": f"{MOST_ENTRIES:,}"}
        )
    matching = sorted(path for path in entries if fnmatch(path.name, entry.pattern) and describe_problem(path) is None)
    if not matching:
        raise RecoveryError(
            f"{_('No SQLite database in %(folder)s matches %(pattern)s.')} {explain_absence(folder)}".strip()
            % {"folder": folder, "pattern": entry.pattern}
        )
    return [(path, str(path.relative_to(folder))) for path in matching[:MOST_FILES]]


def _import_database(path: Path, host: str, found: Import) -> Database | None:
    if database := Database.objects.filter(path=str(path), host=host).first():
        found.items.append(Imported(database.name, str(path), "there"))
        return database
    try:
        database = register_database(name=_choose_name(path), path=str(path), host=host)
    except DomainError as error:
        found.items.append(Imported(make_name(path.stem), str(path), "problem", problem=str(error)))
        return None
    found.items.append(Imported(database.name, str(path), "new"))
    return database


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
    place = destination.removeprefix("file://")
    if "://" not in place and not database.host:
        try:
            place = str(follow_path(place, field="destination"))
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
