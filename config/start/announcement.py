"""What a person reads once Debrief is up, below everything the servers said while they started."""

import http.client
import sys
import threading
import time
from urllib.parse import urlsplit

from config.start.supervisor import Supervisor

# The servers' first words come in a burst; the announcement follows them so that it stays on the screen.
SILENCE = 1.0
LONGEST_WAIT_FOR_SILENCE = 5.0
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Announcement:
    """Prints its text once, when the web server has answered and the servers have fallen silent."""

    def __init__(self, text: str, *, host: str, port: int, page: str) -> None:
        self.text = text
        self._answered_at: float | None = None
        self._is_printed = False
        bare = host.strip("[]")
        self._address = (WILDCARDS.get(bare, bare), port)
        self._page = urlsplit(page)

    def wait_in_background(self) -> None:
        """Ask for the page again and again until the web server answers, whatever it answers."""
        threading.Thread(target=self._wait, daemon=True).start()

    def print_when_due(self, supervisor: Supervisor) -> None:
        """To be called a few times a second."""
        if self._is_printed or self._answered_at is None:
            return
        now = time.monotonic()
        is_silent = now - supervisor.last_output_at >= SILENCE
        if is_silent or now - self._answered_at >= LONGEST_WAIT_FOR_SILENCE:
            self._is_printed = True
            sys.stdout.write(f"\n{self.text}\n\n")
            sys.stdout.flush()

    def _wait(self) -> None:
        while self._answered_at is None:
            connection = http.client.HTTPConnection(*self._address, timeout=5)
            try:
                connection.request("GET", self._page.path, headers={"Host": self._page.netloc})
                connection.getresponse()
                self._answered_at = time.monotonic()
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
            finally:
                connection.close()
