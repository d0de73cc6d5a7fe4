"""Connection strings of PostgreSQL servers: what may stand in one, and how its password reaches the tools."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from recovery.errors import RecoveryError, RestoreInconclusive

# What a connection string may say. What is not here makes libpq read other files or send other secrets (passfile,
# service, sslkey, sslpassword), run in another mode (replication, options) or pick another server each time.
ALLOWED = frozenset(
    {
        *("host", "hostaddr", "port", "dbname", "user", "application_name", "connect_timeout", "tcp_user_timeout"),
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "requirepeer", "require_auth"),
        *("sslmode", "sslrootcert", "sslsni", "ssl_min_protocol_version", "ssl_max_protocol_version"),
        *("channel_binding", "gssencmode", "krbsrvname"),
    }
)
APPLICATION_NAME = "debrief"
_CONNECT_SECONDS = 10


@dataclass(frozen=True)
class Address:
    """Where a server is and as whom to connect to which database. It holds no password."""

    parameters: Mapping[str, str]

    @property
    def database(self) -> str:
        """The name of the database."""
        return self.parameters["dbname"]

    def conninfo(self, passfile: Path | None, **more: str) -> str:
        """The connection string for a tool, with the file that the password is in and `more` parameters."""
        usual = {"application_name": APPLICATION_NAME, "connect_timeout": str(_CONNECT_SECONDS)}
        secret = {} if passfile is None else {"passfile": str(passfile)}
        return make_conninfo("", **{**usual, **self.parameters, **secret, **more})


def check_dsn(text: str) -> Address:
    """The address that a libpq connection string gives, as `host=... user=... dbname=...` or postgresql:// URL.

    Raises RecoveryError with a sentence that repeats no value, for one of them may be a password.
    """
    try:
        found = {name: str(value) for name, value in conninfo_to_dict(text).items()}
    except (ProgrammingError, UnicodeError):
        raise RecoveryError(
            _("This is no connection string of PostgreSQL. Write it as “host=db2 port=5432 user=debrief dbname=shop”.")
        ) from None
    _check_names(found)
    for name in ("host", "user", "dbname"):
        if not found.get(name) and not (name == "host" and found.get("hostaddr")):
            raise RecoveryError(_("The connection string has no “%(name)s”. Add it.") % {"name": name})
    _check_values(found)
    return Address(found)


def write_passfile(folder: Path, name: str, password: str | None) -> Path | None:
    """The file, readable by its owner alone, from which tools take the password for any server; None without one."""
    if password is None:
        return None
    if set(password) & {"\n", "\r", "\0"}:
        raise RestoreInconclusive(
            _("The password of the PostgreSQL server has a line break in it. Store it without one.")
        )
    path = folder / f"pgpass-{name}"
    escaped = password.replace("\\", "\\\\").replace(":", "\\:")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"*:*:*:*:{escaped}\n")
    return path


def _check_names(found: Mapping[str, str]) -> None:
    if "password" in found:
        raise RecoveryError(
            _("The connection string has a password in it. Take it out, and name the secret that holds it instead.")
        )
    refused = sorted(found.keys() - ALLOWED)
    if refused:
        raise RecoveryError(
            _("The connection string may not say “%(name)s”. Allowed are: %(allowed)s.")
            % {"name": refused[0], "allowed": ", ".join(sorted(ALLOWED))}
        )


def _check_values(found: Mapping[str, str]) -> None:
    """One server, and names that no tool can take for another connection string."""
    if any("," in found.get(name, "") for name in ("host", "hostaddr", "port")):
        raise RecoveryError(
            _("The connection string names several servers. Give one, so that every step speaks to the same.")
        )
    if "=" in found["dbname"] or "://" in found["dbname"]:
        raise RecoveryError(_("The name of the database may not contain “=” or “://”. Give the name alone."))
    certificate = found.get("sslrootcert", "system")
    if certificate != "system" and not Path(certificate).is_absolute():
        raise RecoveryError(_("Give the whole path of “sslrootcert”, beginning with “/”."))
    if any(not value.isprintable() for value in found.values()):
        raise RecoveryError(_("The connection string has control characters in it. Take them out."))
