"""Real servers of this machine that stand for what is outside: each keeps what it was sent."""

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class WebService:
    """An HTTP server. `answers` are used up one by one, the last again and again."""

    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=lambda: [(200, {}, b"ok")])
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    url: str = ""

    def says(self, status: int, body: str = "", **headers: str) -> None:
        """From now on every answer is this one."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers = [(status, named, body.encode())]

    @property
    def bodies(self) -> list[Any]:
        return [body for _path, _headers, body in self.requests]


@contextmanager
def web_service(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[WebService]:
    service = WebService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            service.requests.append((self.path, dict(self.headers), json.loads(self.rfile.read(length))))
            status, headers, body = service.answers.pop(0) if len(service.answers) > 1 else service.answers[0]
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def finish_request(self, request: Any, client_address: Any) -> None:
            try:
                connection = tls.wrap_socket(request, server_side=True) if tls else request
            except OSError:
                # The other side did not like the certificate.
                return
            super().finish_request(connection, client_address)
            connection.close()

    with _serving(Server((host, 0), Handler)) as port:
        service.url = f"http://{host}:{port}"
        yield service


@dataclass
class MailServer:
    """An SMTP server. `refusals` are the answers to commands, by the first word and argument they begin with."""

    port: int = 0
    mails: list[tuple[str, str]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)


class _MailHandler(socketserver.StreamRequestHandler):
    """One conversation in SMTP."""

    server: "_MailSocket"

    def handle(self) -> None:
        self.recipient = ""
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            self._say(self._answer(line))
            if line.upper() == "QUIT":
                return

    def _answer(self, line: str) -> str:
        for start, refusal in self.server.known.refusals.items():
            if line.lower().startswith(start):
                return refusal
        if line.lower().startswith("rcpt to:"):
            self.recipient = line[9:-1]
        if line.upper() == "DATA":
            self._say("354 go on")
            text = "\n".join(iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), "."))
            self.server.known.mails.append((self.recipient, text))
        return "221 bye" if line.upper() == "QUIT" else "250 ok"

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _MailSocket(socketserver.ThreadingTCPServer):
    daemon_threads = True
    known: MailServer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    known = MailServer()
    server = _MailSocket(("127.0.0.1", 0), _MailHandler)
    server.known = known
    with _serving(server) as port:
        known.port = port
        yield known


@contextmanager
def stubborn_server(said: bytes, *, repeat: bytes = b"", pause: float = 0.05) -> Iterator[int]:
    """The port of a server that says something and then `repeat` again and again, whatever it hears."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(4096)
            try:
                self.request.sendall(said)
                # Not for ever: whoever waits without a limit fails instead of hanging.
                for _ in range(600):
                    self.request.sendall(repeat)
                    if over.wait(pause):
                        return
            except OSError:
                pass

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with _serving(Server(("127.0.0.1", 0), Handler)) as port:
        try:
            yield port
        finally:
            over.set()


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
