"""The settings a restored cluster is run with. Its own are not read: they name files, libraries and other servers."""

import re
from pathlib import Path

from django.utils.translation import gettext as _

from recovery.errors import RestoreFailed
from recovery.methods.postgresql_asking import last_line
from recovery.methods.postgresql_programs import Programs
from recovery.methods.process import Bounds, run

# The folder of the private socket, beside the data. The server takes its path from the data folder, so it is short.
SOCKETS = "s"
_SETTINGS = {
    # Nobody but the worker comes in.
    "listen_addresses": "",
    "unix_socket_directories": f"../{SOCKETS}",
    "unix_socket_permissions": "0700",
    "max_connections": "20",
    "ssl": "off",
    # Nothing goes out, and no code is loaded that the checks do not need.
    "primary_conninfo": "",
    "restore_command": "",
    "archive_mode": "off",
    "archive_command": "",
    "hot_standby": "off",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "max_logical_replication_workers": "0",
    "shared_preload_libraries": "",
    "session_preload_libraries": "",
    "local_preload_libraries": "",
    # What is there is read as it is: nothing is tidied up, skipped over or tried again.
    "autovacuum": "off",
    "restart_after_crash": "off",
    "zero_damaged_pages": "off",
    "ignore_checksum_failure": "off",
    # The copy is thrown away, so it need not survive a power cut; and it is read once, by few.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "checkpoint_timeout": "1d",
    "max_wal_size": "4GB",
    "shared_buffers": "64MB",
    "max_locks_per_transaction": "1024",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    # Memory that is a file in the data folder goes with it; in /dev/shm it would outlive a server that is killed.
    "dynamic_shared_memory_type": "mmap",
    # A worker that is gone takes its queries with it.
    "client_connection_check_interval": "1s",
    "log_destination": "stderr",
    "logging_collector": "off",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_EVENT_TRIGGERS_FROM = 17


def write_settings(data: Path, programs: Programs, bounds: Bounds) -> Path:
    """The file for `config_file`; beside it the two that say who may connect: anybody who reaches the socket."""
    folder = bounds.folder
    control = read_control(data, programs, bounds)
    hba, ident, config = (folder / name for name in ("pg_hba.conf", "pg_ident.conf", "postgresql.conf"))
    hba.write_text("local all all trust\n")
    ident.write_text("")
    settings = _SETTINGS | {"data_directory": str(data), "hba_file": str(hba), "ident_file": str(ident)}
    # Prepared transactions in the log need as much room as they had.
    settings["max_prepared_transactions"] = control.get("max_prepared_xacts setting", "0")
    if bounds.quota_bytes is not None:
        settings["temp_file_limit"] = f"{max(1, bounds.quota_bytes // 1024)}kB"
    if int(programs.version.split(".")[0]) >= _EVENT_TRIGGERS_FROM:
        settings["event_triggers"] = "off"
    config.write_text("".join(f"{name} = {_quote(value)}\n" for name, value in settings.items()))
    return config


def read_control(data: Path, programs: Programs, bounds: Bounds) -> dict[str, str]:
    """What pg_controldata says of the cluster, by its own names. Raises RestoreFailed if it cannot be read."""
    finished = run([programs["pg_controldata"], str(data)], bounds)
    if finished.exit_code:
        raise RestoreFailed(
            _("The control file of the backup cannot be read: “%(reason)s”.")
            % {"reason": last_line(finished.log_tail)},
            exit_code=finished.exit_code,
            log_tail=finished.log_tail,
        )
    return dict(re.findall(r"^(.+?):\s+(.*)$", finished.stdout.decode("utf-8", "replace"), re.MULTILINE))


def _quote(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
