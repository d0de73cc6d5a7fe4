"""Ready files for replicating a database with Litestream 0.5: its configuration, a systemd unit, a compose service."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from recovery.methods.litestream_config import make_name
from recovery.methods.litestream_destinations import GOOGLE_CREDENTIALS, SCHEMES, Option

# As the guide advises: every second, and three days back for restores to a point in time.
SYNC_INTERVAL = "1s"
RETENTION = "72h"
SNAPSHOT_INTERVAL = "24h"
_PLAIN = re.compile(r"[A-Za-z/.][A-Za-z0-9/._:@-]*/[A-Za-z0-9/._:@-]*[A-Za-z0-9]")
CONFIG, UNIT, COMPOSE, SECRETS = "litestream.yml", "litestream.service", "compose.yaml", "litestream.env"


@dataclass(frozen=True)
class Place:
    """Where to replicate to; `secrets` are references, of which only names and paths are used."""

    scheme: str
    destination: str
    options: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)


def example_place(kind: str, database: str) -> Place:
    """A place of that kind (s3, sftp or file) for a database nobody has chosen one for yet."""
    if kind == "sftp":
        key = {"key": "file:/etc/litestream/backup-key"}
        options = {"host-key": "ssh-ed25519 PUT-THE-KEY-OF-THE-SERVER-HERE"}
        return Place("sftp", f"sftp://backup@backup.example.org:22/backups/{database}", options, key)
    if kind == "file":
        return Place("file", f"/backups/{database}")
    return Place("s3", f"s3://my-backup-bucket/{database}", {"region": "ap-southeast-1"})


def make_files(path: str, name: str, place: Place) -> dict[str, str]:
    """The text of each file by its name, for the database at `path`."""
    variables = _variables(place, name)
    files = {
        CONFIG: _make_config(path, place, variables),
        UNIT: _make_unit(name, path, has_secrets=bool(variables)),
        COMPOSE: _make_compose(path, place, has_secrets=bool(variables)),
    }
    if variables:
        files[SECRETS] = "".join(f"{variable}=\n" for variable in sorted(set(variables.values())))
    return files


def _secret_options(place: Place) -> list[Option]:
    """Those that have a reference, or that this kind of place cannot do without."""
    scheme = SCHEMES[place.scheme]
    return [option for option in scheme.secrets if option.is_required or option.name in place.secrets]


def _variables(place: Place, name: str) -> dict[str, str]:
    """The variable by the name of each secret that Litestream is given by the environment."""
    stem = make_name(name).upper().replace("-", "_").replace(".", "_")
    variables = {}
    for option in _secret_options(place):
        reference = place.secrets.get(option.name, "")
        if option.is_file and reference.startswith("file:"):
            continue
        suggested = f"{stem}_{option.name.upper().replace('-', '_')}"
        variables[option.name] = reference.removeprefix("env:") if reference.startswith("env:") else suggested
    return variables


def _make_config(path: str, place: Place, variables: Mapping[str, str]) -> str:
    lines = [
        "snapshot:",
        f"  interval: {SNAPSHOT_INTERVAL}",
        f"  retention: {RETENTION}",
        "dbs:",
        f"  - path: {_quote(path)}",
        "    replica:",
        f"      {'path' if place.scheme == 'file' else 'url'}: {_quote(place.destination)}",
        *(f"      {name}: {_quote(value)}" for name, value in place.options.items()),
    ]
    for option in _secret_options(place):
        if option.file_name == GOOGLE_CREDENTIALS:
            continue
        value = f"${{{variables[option.name]}}}" if option.name in variables else _key_file(place, option)
        lines.append(f"      {option.key}: {value}")
    return "\n".join([*lines, f"      sync-interval: {SYNC_INTERVAL}"]) + "\n"


def _key_file(place: Place, option: Option) -> str:
    return _quote(place.secrets[option.name].removeprefix("file:"))


def _make_unit(name: str, path: str, *, has_secrets: bool) -> str:
    secrets = [f"EnvironmentFile=/etc/{SECRETS}"] if has_secrets else []
    # A percent sign means something to systemd.
    described, needed = name.replace("%", "%%"), path.replace("%", "%%")
    return "\n".join(
        [
            "[Unit]",
            f"Description=Litestream replication of {described}",
            "Wants=network-online.target",
            "After=network-online.target",
            f'RequiresMountsFor="{needed}"',
            "",
            "[Service]",
            f"ExecStart=/usr/bin/litestream replicate -config /etc/{CONFIG}",
            *secrets,
            "Restart=always",
            "RestartSec=5",
            "",
            "[Install]",
            "WantedBy=multi-user.target",
            "",
        ]
    )


def _make_compose(path: str, place: Place, *, has_secrets: bool) -> str:
    folder = str(PurePosixPath(path).parent)
    mounts = [f"{folder}:{folder}", f"./{CONFIG}:/etc/{CONFIG}:ro"]
    if place.scheme == "file":
        mounts.append(f"{place.destination}:{place.destination}")
    for reference in place.secrets.values():
        if reference.startswith("file:"):
            key = reference.removeprefix("file:")
            mounts.append(f"{key}:{key}:ro")
    lines = [
        "services:",
        "  litestream:",
        "    image: litestream/litestream:0.5",
        "    command: replicate",
        "    restart: unless-stopped",
        "    volumes:",
        *(f"      - {_quote(mount)}" for mount in mounts),
    ]
    return "\n".join([*lines, *(["    env_file:", f"      - {SECRETS}"] if has_secrets else [])]) + "\n"


def _quote(value: object) -> str:
    """The value as YAML; a plain path stays one."""
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)
