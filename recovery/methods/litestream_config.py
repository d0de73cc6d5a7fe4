"""Reads Litestream's own configuration: which databases it names, and where each is replicated to."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from recovery.errors import RecoveryError
from recovery.methods.litestream_address import Address, find_address
from recovery.methods.litestream_destinations import SCHEMES, Option

LARGEST_BYTES = 1024 * 1024
# What PyYAML raises for a file that is none, and for a value that is not what its tag says.
UNREADABLE = (yaml.YAMLError, RecursionError, ValueError, AttributeError, LookupError, TypeError)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_RETENTION = ("retention", "retention-check-interval", "snapshot-interval", "sync-interval", "validation-interval")
_PLACE = ("type", "url", "path", "bucket", "host", "user", "webdav-url", "name", "account-name")
_KNOWN_OPTIONS = {option.key for scheme in SCHEMES.values() for option in scheme.options}
_SECRETS = [option for scheme in SCHEMES.values() for option in scheme.secrets]
_SECRET_KEYS, _FILE_KEYS = {option.key for option in _SECRETS} | {"age"}, {o.key for o in _SECRETS if o.is_file}
_HIDDEN = "HIDDEN"
# Settings of uploading, which a restore does not need.
_UPLOADING = ("part-size", "concurrency", "concurrent-writes", "auto-recover", "sse-kms-key-id")
_REPLICA_KEYS = {
    *_PLACE,
    *_RETENTION,
    *_UPLOADING,
    *_KNOWN_OPTIONS,
    "age",
    "key-path",
    "sse-customer-key-path",
    "root-cas",
}
_DATABASE_KEYS = {
    *("path", "dir", "pattern", "recursive", "watch", "replica", "replicas", "meta-path", "monitor-interval"),
    *("checkpoint-interval", "busy-timeout", "min-checkpoint-page-count", "max-checkpoint-page-count"),
    *("truncate-page-n", "restore-if-db-not-exists", "snapshot"),
}
_GLOBAL_KEYS = {
    *("dbs", "addr", "exec", "logging", "levels", "snapshot", "l0-retention", "l0-retention-check-interval", "socket"),
    *(
        "shutdown-sync-timeout",
        "shutdown-sync-interval",
        "mcp-addr",
        "heartbeat-url",
        "heartbeat-interval",
        "retention",
    ),
    *("verify-compaction", "persist-auto-recover"),
}


@dataclass(frozen=True)
class ConfiguredReplica:
    """One replica as the file has it: `secrets` are references. Without a destination, `problem` says why."""

    name: str
    destination: str
    options: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class ConfiguredDatabase:
    """One database, or all that match `pattern` in a folder."""

    path: str
    replicas: tuple[ConfiguredReplica, ...]
    pattern: str = ""
    is_recursive: bool = False


@dataclass
class Configuration:
    """What the file names. `warnings` are about what is not taken over, `notes` about what Debrief need not know."""

    databases: list[ConfiguredDatabase] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_configuration(text: str) -> Configuration:
    """The configuration in `text`, of Litestream 0.3 or 0.5. Raises RecoveryError where it is none."""
    if len(text) > LARGEST_BYTES:
        raise RecoveryError(_("This file is too long to be a configuration of Litestream. Check which one it is."))
    try:
        content = _load(text)
    except UNREADABLE as error:
        place = getattr(error, "problem_mark", None)
        line = place.line + 1 if place else 1
        raise RecoveryError(
            _("The file is not readable as YAML; the trouble is near line %(line)s.") % {"line": line}
        ) from None
    if not isinstance(content, dict) or not isinstance(content.get("dbs"), list):
        raise RecoveryError(_("The file has no list “dbs”, so it names no database. Give the litestream.yml itself."))
    return _Reader(content).read()


def without_secrets(text: str) -> str:
    """The configuration in `text`, with a word in place of each secret that is written in it."""
    return yaml.safe_dump(_hide(_load(text)), sort_keys=False, allow_unicode=True)


def _load(text: str) -> Any:
    """What the YAML says. Raises RecoveryError where its aliases, written out, are more than a file may say."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if _written_out(node, {}) > LARGEST_BYTES:
            raise RecoveryError(_("The file says too much by aliases (*name). Write out what they stand for."))
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _written_out(node: yaml.Node, known: dict[int, float]) -> float:
    """About how long the node is with every alias in it written out; infinite for one that contains itself."""
    if id(node) not in known:
        known[id(node)] = math.inf
        parts = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
        is_text = isinstance(node, yaml.ScalarNode)
        known[id(node)] = 1 + (len(parts) if is_text else sum(_written_out(part, known) for part in parts))
    return known[id(node)]


def _hide(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _hide_value(str(key), value) for key, value in content.items()}
    return [_hide(value) for value in content] if isinstance(content, list) else content


def _hide_value(key: str, value: Any) -> Any:
    if key in ("url", "webdav-url") and isinstance(value, str):
        return re.sub(r"(?<=://)([^/@]*):[^/]*@", rf"\1:{_HIDDEN}@", value)
    if key not in _SECRET_KEYS or not value or _VARIABLE.fullmatch(str(value)):
        return _hide(value)
    return value if key in _FILE_KEYS and str(value).startswith("/") else _HIDDEN


class _Reader:
    def __init__(self, content: Mapping[Any, Any]) -> None:
        self.content = content
        self.found = Configuration()
        self.defaults = {key: value for key, value in content.items() if key in _REPLICA_KEYS - {*_PLACE, *_RETENTION}}

    def read(self) -> Configuration:
        self._warn_unknown(self.content, _GLOBAL_KEYS | _REPLICA_KEYS, _("the file"))
        self._note(self.content, _("the file"))
        for number, entry in enumerate(self.content["dbs"], 1):
            if isinstance(entry, dict) and (entry.get("path") or entry.get("dir")):
                self._read_database(entry)
            else:
                self._warn(
                    _("Entry %(number)s of “dbs” has neither a path nor a folder and is left out."), number=number
                )
        return self.found

    def _read_database(self, entry: Mapping[Any, Any]) -> None:
        path = re.sub(r"\Asqlite3?://", "", str(entry.get("path") or entry.get("dir")))
        self._warn_unknown(entry, _DATABASE_KEYS, path)
        given = [entry["replica"]] if isinstance(entry.get("replica"), dict) else []
        many = entry.get("replicas")
        given += [replica for replica in many if isinstance(replica, dict)] if isinstance(many, list) else []
        if not given:
            self._warn(_("%(where)s has no replica."), where=path)
        if len(given) > 1:
            self._note_line(_("%(where)s has several replicas: Litestream 0.5 refuses to start with them."), where=path)
        names: set[str] = set()
        replicas = tuple(self._read_replica(replica, path, names) for replica in given)
        pattern = str(entry.get("pattern") or "*.db") if entry.get("dir") and not entry.get("path") else ""
        self.found.databases.append(ConfiguredDatabase(path, replicas, pattern, bool(entry.get("recursive"))))

    def _read_replica(self, given: Mapping[Any, Any], path: str, names: set[str]) -> ConfiguredReplica:
        settings = {**self.defaults, **{key: value for key, value in given.items() if value is not None}}
        address = find_address(settings)
        name = _choose_name(str(given.get("name") or address.scheme), names)
        where = f"{path} ({name})"
        self._warn_unknown(given, _REPLICA_KEYS, where)
        self._note(given, where)
        if settings.get("age"):
            self._warn(_("%(where)s is encrypted with age, which Litestream 0.5 cannot restore."), where=where)
        scheme = SCHEMES.get(address.scheme)
        problem = address.problem
        if scheme is None:
            problem = _("Litestream replicas of the kind %(kind)s are not known here.") % {"kind": address.scheme}
        elif _VARIABLE.search(address.destination):
            problem = _(
                "The address contains a variable. Write its value in place of it; only secrets may be variables."
            )
        if problem or scheme is None:
            return ConfiguredReplica(name, "", problem=problem)
        options = {
            option.name: value
            for option in scheme.options
            if not option.is_secret and (value := {**settings, **address.options}.get(option.key)) not in (None, "")
        }
        variables = [key for key, value in options.items() if isinstance(value, str) and _VARIABLE.search(value)]
        if variables:
            problem = _("%(name)s is a variable. Write its value in place of it; only secrets may be variables.")
            return ConfiguredReplica(name, "", problem=problem % {"name": variables[0]})
        return ConfiguredReplica(
            name, address.destination, options, self._refer(scheme.secrets, settings, address, where)
        )

    def _refer(
        self, secrets: tuple[Option, ...], settings: Mapping[Any, Any], address: Address, where: str
    ) -> dict[str, str]:
        """Where each secret is read from: the variable that the file names, its key file, or a variable to be set."""
        references = {}
        for option in secrets:
            value = address.password if option.name == address.password_name else settings.get(option.key)
            if not value and not option.is_required:
                continue
            variable = _VARIABLE.fullmatch(str(value or ""))
            if variable:
                references[option.name] = f"env:{variable[1] or variable[2]}"
            elif option.is_file and str(value).startswith("/"):
                references[option.name] = f"file:{value}"
            else:
                name = _suggest_variable(where, option.name)
                references[option.name] = f"env:{name}"
                message = _("%(where)s: %(name)s is written in the file and is not copied. Set it as %(variable)s.")
                if not value:
                    message = _("%(where)s: %(name)s is not in the file. Set it as %(variable)s.")
                self._warn(message, where=where, name=option.name, variable=name)
        return references

    def _warn_unknown(self, given: Mapping[Any, Any], known: set[str], where: str) -> None:
        for key in sorted(str(key) for key in given if key not in known):
            self._warn(
                _("%(where)s: Litestream does not know the setting “%(name)s”, and ignores it."), where=where, name=key
            )

    def _note(self, given: Mapping[Any, Any], where: str) -> None:
        for key in _RETENTION:
            if key in given:
                self._note_line(_("%(where)s: %(name)s is %(value)s."), where=where, name=key, value=given[key])
        if isinstance(snapshot := given.get("snapshot"), dict):
            for key, value in snapshot.items():
                self._note_line(
                    _("%(where)s: %(name)s is %(value)s."), where=where, name=f"snapshot {key}", value=value
                )

    def _note_line(self, message: str, **values: object) -> None:
        self.found.notes.append(message % values)

    def _warn(self, message: str, **values: object) -> None:
        self.found.warnings.append(message % values)


def _choose_name(wanted: str, taken: set[str]) -> str:
    wanted = make_name(wanted)
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name)
    return name


def make_name(text: str) -> str:
    """A name that databases and replicas may have, as near to `text` as can be."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).lstrip("-._")[:80] or "database"


def _suggest_variable(where: str, name: str) -> str:
    stem = re.sub(r".*/|\.\w+(?= )", "", where)
    # First a word of its own: a variable that begins with DEBRIEF_ or DJANGO_ would be refused.
    return re.sub(r"[^A-Z0-9]+", "_", f"backup_{stem}_{name}".upper()).strip("_")
