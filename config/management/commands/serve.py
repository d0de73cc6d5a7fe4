"""`manage.py serve`: everything Debrief needs on one machine, in one terminal."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.urls import reverse
from honcho.environ import parse_procfile

from accounts.services.people import first_administrator, first_administrator_link_path
from config.start import preflight, preparation
from config.start.announcement import WILDCARDS, Announcement
from config.start.errors import StartError
from config.start.supervisor import Supervisor
from recovery.services.own_database import register_own_database

LITESTREAM_CONFIG = settings.DATA_DIR / "litestream.json"


class Command(BaseCommand):
    """Prepares the data folder, starts the servers of the Procfile and stops them together."""

    help = (
        "Run Debrief on this machine: checks that it can start, brings the data folder up to date, then runs the web "
        "server, the worker, a private Redis and Litestream until Ctrl-C. With DATABASE_URL set, Litestream is left "
        "out; with REDIS_URL set, Redis is. docs/configuration.md lists every setting. Exit codes: 0 stopped on "
        "request, 1 a server ended by itself, 2 could not start."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--example", action="store_true", help="load the example incidents first")

    def handle(self, *_args: Any, **options: Any) -> None:
        # Whatever is made from here on is for this account alone.
        os.umask(0o077)
        try:
            with claimed_data_folder():
                text = self.prepare(load_example=options["example"])
                trouble = serve(text)
        except StartError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        except KeyboardInterrupt:
            sys.exit(130)
        if trouble:
            self.stderr.write(f"\n{trouble}")
            sys.exit(1)
        self.stdout.write("\nDebrief has stopped.")

    def prepare(self, *, load_example: bool) -> str:
        """Bring the data folder up to date; the text to show once the servers are up."""
        data = settings.DATA_DIR
        folders = [data, data / "keys", data / "cache", settings.FONT_CACHE_DIR]
        folders += [settings.SCRATCH_DIR, settings.DOCUMENTS_DIR]
        preparation.make_private(folders, database=settings.OWN_DATABASE_PATH)
        preparation.test_pdf_engine(self.say)
        preparation.migrate_database(self.say)
        preparation.collect_static_files(self.say)
        if not settings.DATABASE_URL:
            preparation.write_litestream_config(LITESTREAM_CONFIG)
            register_own_database()
        if load_example:
            self.say("Loading the example …")
            call_command("load_example")
        text = announcement_text()
        connections.close_all()
        self.say("Starting the servers …")
        return text

    def say(self, text: str) -> None:
        """One line, at once, also where the output is a file."""
        self.stdout.write(text)
        self.stdout.flush()


def claimed_data_folder() -> TextIO:
    """Check all that can be checked before anything is changed; the lock that is then held."""
    preflight.check_data_folder(settings.DATA_DIR)
    lock = preflight.claim_data_folder(settings.DATA_DIR, address=settings.BASE_URL)
    preflight.check_port(settings.HOST, settings.PORT)
    if settings.REDIS_URL:
        preflight.check_broker(settings.REDIS_URL)
    else:
        preflight.check_socket_path(settings.REDIS_SOCKET)
        preflight.check_redis_server(path=program_path())
    if not settings.DATABASE_URL:
        preflight.check_litestream(path=program_path())
    preflight.check_database()
    return lock


def serve(text: str) -> str | None:
    """Run the servers until they are told to stop; a sentence if one of them ended by itself."""
    commands = parse_procfile((settings.BASE_DIR / "Procfile").read_text()).processes
    if settings.REDIS_URL:
        del commands["redis"]
    if settings.DATABASE_URL:
        del commands["litestream"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PATH": program_path(),
        "PYTHONUNBUFFERED": "1",
        "DEBRIEF_DATA_DIR": str(settings.DATA_DIR),
        "DEBRIEF_HOST": settings.HOST,
        "DEBRIEF_PORT": str(settings.PORT),
        "DEBRIEF_WEB_WORKERS": str(settings.WEB_WORKERS),
        "DEBRIEF_WORKER_CONCURRENCY": str(settings.WORKER_CONCURRENCY),
        "DEBRIEF_RESTORE_CONCURRENCY": str(settings.RESTORE_CONCURRENCY),
    }
    supervisor = Supervisor(commands, environment=environment, folder=str(settings.BASE_DIR))
    page = settings.BASE_URL.rstrip("/") + reverse("account_login")
    announcement = Announcement(text, host=settings.HOST, port=settings.PORT, page=page)
    announcement.wait_in_background()
    return supervisor.run(each_turn=announcement.print_when_due)


def announcement_text() -> str:
    """The address, and the first administrator's link as long as there is one."""
    address = settings.BASE_URL.rstrip("/")
    lines = [f"Debrief is running at {address}/"]
    if path := first_administrator_link_path():
        person = first_administrator()
        lines += [
            f"Set the password of its first administrator, {person.username}, with this link; it works once:",
            f"  {address}{path}",
        ]
    if settings.HOST in WILDCARDS and not os.environ.get("DEBRIEF_BASE_URL"):
        lines.append("People who reach it under another name need DEBRIEF_BASE_URL set to the address they type.")
    lines.append(f"Its data is in {settings.DATA_DIR}. Press Ctrl-C to stop it.")
    return "\n".join(lines)


def program_path() -> str:
    """Where programs are looked for: this virtual environment first, then what the caller has."""
    return os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ.get("PATH", os.defpath)])
