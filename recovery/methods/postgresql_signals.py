"""What a standby and its primary say of the replication, and which of it can be believed.

`replay_lag` and the age of the last replayed transaction are not: the one is small while replay is paused, the other
grows while the primary is idle. Positions in the write-ahead log, the state of the connection and a heartbeat row are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from recovery.methods.backup import Lag

STANDBY_SQL = """SELECT json_build_object(
    'version', current_setting('server_version'), 'number', current_setting('server_version_num')::int,
    'system', (SELECT system_identifier::text FROM pg_control_system()), 'is_in_recovery', pg_is_in_recovery(),
    'now', extract(epoch FROM clock_timestamp()),
    'position', CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END,
    'replayed_at', extract(epoch FROM pg_last_xact_replay_timestamp()),
    'pause', CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() END,
    'receiver', (SELECT json_build_object('status', status, 'slot', slot_name, 'end', latest_end_lsn,
        'heard_at', extract(epoch FROM last_msg_receipt_time)) FROM pg_stat_wal_receiver LIMIT 1))"""
PRIMARY_SQL = """SELECT json_build_object(
    'system', (SELECT system_identifier::text FROM pg_control_system()), 'is_in_recovery', pg_is_in_recovery(),
    'now', extract(epoch FROM clock_timestamp()),
    'position', CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
    'committed_at', CASE WHEN current_setting('track_commit_timestamp') = 'on'
        THEN (SELECT extract(epoch FROM timestamp) FROM pg_last_committed_xact()) END,
    'senders', (SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'),
    'slots', (SELECT coalesce(json_object_agg(slot_name, active), '{}') FROM pg_replication_slots
        WHERE slot_type = 'physical'))"""


@dataclass(frozen=True)
class Signals:
    """One server's answer: `position` is its place in the write-ahead log in bytes, `now` its own clock."""

    raw: dict[str, Any]

    @property
    def system(self) -> str:
        """The identifier that a primary shares with its standbys and with nobody else."""
        return str(self.raw["system"])

    @property
    def is_in_recovery(self) -> bool:
        """Whether it replays another server's log."""
        return bool(self.raw["is_in_recovery"])

    @property
    def now(self) -> datetime:
        """The server's clock."""
        return datetime.fromtimestamp(self.raw["now"], tz=UTC)

    @property
    def position(self) -> int | None:
        """What it has written or, a standby, replayed; None for nothing yet."""
        return read_position(self.raw["position"])

    def instant(self, name: str) -> datetime | None:
        """A time in the answer, None where it is not known."""
        value = self.raw.get(name)
        return None if value is None else datetime.fromtimestamp(value, tz=UTC)


def read_position(text: str | None) -> int | None:
    """A log position such as 16/B374D848 in bytes."""
    if not text:
        return None
    high, _slash, low = text.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def describe_mismatch(standby: Signals, primary: Signals) -> str:
    """Why the one is no standby of the other, as a sentence; empty where it is."""
    if standby.system == primary.system:
        return ""
    return _(
        "The standby belongs to another system (%(standby)s) than the primary (%(primary)s). Check both addresses, and "
        "whether the primary was set up again."
    ) % {"standby": standby.system, "primary": primary.system}


def describe_stall(standby: Signals, primary: Signals | None) -> str:
    """Why nothing more arrives, as a sentence with what to do; empty where data flows."""
    receiver = standby.raw.get("receiver")
    if not standby.is_in_recovery:
        return _("The server is no standby: it was promoted, and receives nothing. Set the standby up again.")
    if standby.raw.get("pause") != "not paused":
        return _("Replay is paused on the standby. Run pg_wal_replay_resume() there.")
    if not receiver or receiver["status"] != "streaming":
        return _("The standby receives nothing from its primary. Look for the reason in the standby's log.")
    slot = receiver["slot"]
    if primary and slot and slot in primary.raw["slots"] and not primary.raw["slots"][slot]:
        return _("The standby's replication slot “%(slot)s” is not in use on the primary.") % {"slot": slot}
    return ""


def is_caught_up(standby: Signals, position: int | None) -> bool:
    """Whether the standby has replayed all that lies before `position`."""
    return position is not None and standby.position is not None and standby.position >= position


def judge_without_primary(standby: Signals) -> Lag:
    """The lag as far as the standby knows: where it has replayed all it was told of, the age of that message."""
    receiver = standby.raw["receiver"]
    heard_at = receiver["heard_at"]
    if is_caught_up(standby, read_position(receiver["end"])) and heard_at is not None:
        seconds = standby.raw["now"] - heard_at
        return Lag(max(0.0, seconds), _("At most: it is the time since the primary last spoke to the standby."))
    return judge_behind(standby)


def judge_behind(standby: Signals) -> Lag:
    """The lag of a standby that still has to replay something: no more than the age of the last transaction it has."""
    replayed_at = standby.instant("replayed_at")
    if replayed_at is None:
        return Lag(None, _("The standby is behind, and has replayed no transaction since it started."))
    return Lag(
        max(0.0, (standby.now - replayed_at).total_seconds()),
        _("At most: it is the age of the newest transaction on the standby, which still has more to replay."),
    )
