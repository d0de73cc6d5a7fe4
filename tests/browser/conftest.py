"""A real Debrief (web, worker, Redis, Litestream) in a folder of its own, and a real Chromium."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--font-render-hinting=none",
]
START_SECONDS = 120
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Installation:
    """A running Debrief: its address, its data folder, and the link that it printed for the first administrator."""

    address: str
    data: Path
    link: str

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command against it."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=120)

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.data, int(self.address.rsplit(":", 1)[1]))


def environment(data: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEBRIEF_", "DJANGO_"))}
    return kept | {
        "DEBRIEF_DATA_DIR": str(data),
        "DEBRIEF_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for all tests of a process: each test declares what it looks at, and finds what others declared."""
    with serve(tmp_path_factory.mktemp("debrief")) as running:
        yield running


@pytest.fixture
def empty_installation(tmp_path: Path) -> Iterator[Installation]:
    """One that nobody has signed in to yet."""
    with serve(tmp_path / "debrief") as running:
        yield running


@contextmanager
def serve(data: Path) -> Iterator[Installation]:
    port = free_port()
    log = data.parent / f"{data.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve"],
            env=environment(data, port),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield Installation(f"http://localhost:{port}", data, _wait_for_link(process, log, port))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait_for_link(process: subprocess.Popen[bytes], log: Path, port: int) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        link = re.search(rf"http://\S+:{port}/accounts/password/\S+", log.read_text())
        if link and _answers(f"http://localhost:{port}/accounts/login/"):
            return link[0]
        time.sleep(0.2)
    raise AssertionError(f"Debrief did not start:\n{log.read_text()}")


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as response:  # noqa: S310  # an address of this test's own
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next((path for path in CHROMIUM if Path(path).exists()), None)
    assert executable, "Chromium is missing; run: make test"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True, timezone_id="UTC")
    context.set_default_timeout(20_000)
    yield context
    context.close()


def sign_in(installation: Installation, page: Page, username: str, role: str = "responder") -> None:
    """Signs in as this person, who is added if need be."""
    code = (
        f"from accounts.models import User; User.objects.filter(username={username!r}).exists() or "
        f"User.objects.create_user({username!r}, password={PASSWORD!r}, role={role!r})"
    )
    made = installation.manage("shell", "-c", code)
    assert made.returncode == 0, made.stderr
    page.goto(f"{installation.address}/accounts/login/")
    page.get_by_label("User name or e-mail").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{installation.address}/")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on which a script error or a refused resource fails the test."""
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    return page


@pytest.fixture
def ann(installation: Installation, browser: Browser) -> Iterator[Page]:
    """The page of somebody else, Ann."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="UTC")
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    sign_in(installation, page, "ann")
    yield page
    context.close()
