"""Real backup files of a real database, registered; quick to make, and as old as a test wants them."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from recovery.models import Replica
from tests.factories import make_database, make_replica


def make_backup_files(folder: Path, *, now: datetime, ages: tuple[timedelta, ...], name: str = "shop") -> Replica:
    """A database whose last write was at `now`, and a folder with a copy by VACUUM INTO of each age."""
    source, backups = folder / f"{name}.db", folder / f"{name}-backups"
    backups.mkdir()
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO users (name) VALUES ('Nok')")
        connection.commit()
        for number, _ in enumerate(ages):
            connection.execute("VACUUM INTO ?", (str(backups / f"{number}.db"),))
    for number, age in enumerate(ages):
        set_time(backups / f"{number}.db", now - age)
    set_time(source, now)
    return make_replica(make_database(name, source), backups, method=Replica.Method.SQLITE_BACKUP, name="files")


def set_time(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
