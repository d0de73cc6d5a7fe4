"""What is made or brought up to date before the servers start; done once, it costs next to nothing."""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.start.errors import StartError

Say = Callable[[str], object]
DPKG_STATUS = Path("/var/lib/dpkg/status")


def make_private(folders: list[Path], *, database: Path) -> None:
    """Every folder exists, and only the account that runs Debrief may enter it and read the database."""
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    # Another command may have made it before, with the modes of the caller; -wal and -shm follow the database.
    for file in database.parent.glob(f"{database.name}*"):
        file.chmod(0o600)


def migrate_database(say: Say) -> None:
    """The tables are those of this version."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Bringing the database up to date …")
        call_command("migrate", verbosity=0, interactive=False)


def collect_static_files(say: Say) -> None:
    """The folder of static files holds those of this version, compressed and under hashed names."""
    key = _digest(_static_parts())
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if manifest.exists() and _is_remembered("static", key):
        return
    say("Collecting the static files …")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    _remember("static", key)


def test_pdf_engine(say: Say) -> None:
    """A PDF was made on this machine with these versions; a failure says which package is missing."""
    key = _digest(_pdf_parts())
    if _is_remembered("pdf", key):
        return
    say("Testing the PDF engine …")
    # Imported here: it is needed only when something changed.
    from lib.pdf.selftest import pdf_problem

    problem = pdf_problem(fonts=settings.FONTS_DIR, cache=settings.FONT_CACHE_DIR)
    if problem:
        raise StartError(problem)
    _remember("pdf", key)


def write_litestream_config(path: Path) -> None:
    """Litestream replicates the application's own database to a folder beside it.

    A snapshot every six hours keeps a restore to a few files; three days of history can be gone back to.
    """
    config = {
        "logging": {"level": "warn", "type": "text", "stderr": True},
        "snapshot": {"interval": "6h", "retention": "72h"},
        "dbs": [
            {
                "path": str(settings.OWN_DATABASE_PATH),
                "replica": {"type": "file", "path": str(settings.OWN_REPLICA_DIR), "sync-interval": "1s"},
            }
        ],
    }
    text = json.dumps(config, indent=2) + "\n"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _static_parts() -> Iterator[bytes]:
    yield f"{version('django')} {version('whitenoise')}".encode()
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield name.encode()
            with storage.open(name) as file:
                yield file.read()


def _pdf_parts() -> Iterator[bytes]:
    yield f"{version('weasyprint')} {sys.version} {sys.prefix}".encode()
    for font in sorted(settings.FONTS_DIR.rglob("*")):
        yield f"{font.name} {font.stat().st_size}".encode()
    # Pango and its kin come from the system: any package that comes or goes is reason enough to test again.
    if DPKG_STATUS.exists():
        yield str(DPKG_STATUS.stat().st_mtime_ns).encode()


def _digest(parts: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _remembered(subject: str) -> Path:
    path: Path = settings.DATA_DIR / "cache" / f"{subject}-checked"
    return path


def _is_remembered(subject: str, key: str) -> bool:
    path = _remembered(subject)
    return path.exists() and path.read_text() == key


def _remember(subject: str, key: str) -> None:
    _remembered(subject).write_text(key)
