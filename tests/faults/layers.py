"""A replica as a daemon leaves it: single transactions, compacted levels, snapshots, and every state it can give."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sysconfig
import time
from bisect import bisect_left
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from recovery.methods.ltx import list_files
from tests.faults.backup import Backup
from tests.faults.processes import PATIENCE_SECONDS
from tests.recovery.runs import header_of

TOOL = Path(sysconfig.get_path("scripts")) / "litestream"
# Short enough that all of it comes about within some seconds.
QUICK = {
    "logging": {"stderr": True},
    "levels": [{"interval": "1s"}, {"interval": "2s"}],
    "l0-retention": "2s",
    "l0-retention-check-interval": "500ms",
    "snapshot": {"interval": "3s", "retention": "1h"},
}
AFTERWARDS, FEWEST_PARTS = 4, 3


@dataclass(frozen=True)
class State:
    """What a replica gives back at one of its transactions."""

    txid: str
    sha256: str
    at: datetime


@dataclass
class Layers:
    """`backup` as a daemon left it, and its `states`, oldest first."""

    backup: Backup
    states: list[State] = field(default_factory=list)

    @property
    def newest(self) -> State:
        return self.states[-1]

    def before(self, moment: datetime) -> State:
        """The newest state strictly before the moment."""
        return self.states[bisect_left([state.at for state in self.states], moment) - 1]

    def find(self, sha256: str) -> State | None:
        """The state with that content, None where the database never was in it."""
        return next((state for state in self.states if state.sha256 == sha256), None)


def make_layers(folder: Path) -> Layers:
    """Some dozen transactions, some of them compacted twice, some once and some not at all."""
    layers = Layers(Backup(folder))
    _run_daemon(layers.backup)
    for _ in range(AFTERWARDS):
        layers.backup.write(1)
        layers.backup.replicate()
    layers.states = _restore_each(layers.backup)
    return layers


def _run_daemon(backup: Backup) -> None:
    backup.write(20)
    config = backup.folder / "daemon.json"
    replica = {"path": str(backup.replica.path), "sync-interval": "50ms"}
    database = {"path": str(backup.source), "monitor-interval": "20ms", "replica": replica}
    config.write_text(json.dumps(QUICK | {"dbs": [database]}))
    daemon = subprocess.Popen([TOOL, "replicate", "-config", config], stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        with closing(sqlite3.connect(backup.source)) as connection:
            while not _has_every_kind(backup.replica.path):
                assert time.monotonic() < end, "Litestream compacted nothing."
                connection.execute("INSERT INTO users (name) VALUES (hex(randomblob(40)))")
                connection.commit()
                time.sleep(0.08)
    finally:
        daemon.terminate()
        daemon.wait()


def _has_every_kind(replica: Path) -> bool:
    """Whether it has snapshots, files compacted twice, and one compacted once whose parts are still there."""
    levels = {level: [*replica.glob(f"ltx/{level}/*.ltx")] for level in (2, 9)}
    return len(levels[2]) > 1 and bool(levels[9]) and len(parts_of_compacted(replica)) > FEWEST_PARTS


def parts_of_compacted(replica: Path) -> list[Path]:
    """The single transactions, but the first and the last, of the compacted file that most are left of."""
    spans = [path.stem.split("-") for path in replica.glob("ltx/1/*.ltx")]
    raw = sorted(replica.glob("ltx/0/*.ltx"))
    parts = [[path for path in raw if first < path.stem[:16] < last] for first, last in spans]
    return max(parts, key=len, default=[])


def _restore_each(backup: Backup) -> list[State]:
    ends = {file.max_txid: file.path for file in sorted(list_files(backup.replica.path), key=lambda file: file.path)}
    states = []
    for txid in sorted(ends):
        restored = backup.folder / "state.db"
        url = f"file://{backup.replica.path}"
        command = [TOOL, "restore", "-txid", txid, "-o", restored, url]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            # A single transaction in the middle of a compacted file, those before it cleared: none but its end is left.
            continue
        moments = [header_of(file.path).at for file in list_files(backup.replica.path) if file.max_txid == txid]
        states.append(State(txid, hashlib.sha256(restored.read_bytes()).hexdigest(), min(moments)))
        restored.unlink()
    assert states[-1].txid == max(ends)
    assert len(states) > AFTERWARDS + 2
    return states


def copy_replica(original: Path, copy: Path) -> list[Path]:
    """The copy, in place of what was there, with its files in order."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(original, copy)
    return sorted(copy.rglob("*.ltx"))
