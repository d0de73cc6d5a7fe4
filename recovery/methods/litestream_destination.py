"""One place that Litestream replicates to: what its address says, and the configuration that reaches it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

from django.utils.translation import gettext

from recovery.errors import RecoveryError, RestoreInconclusive
from recovery.methods.backup import Secrets
from recovery.methods.litestream_destinations import FOLDER, SCHEMES, Option, Scheme
from recovery.methods.litestream_tool import write_private

# Litestream takes a host with a port, or localhost, in place of a bucket for a server of its own choosing.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# Shorter lines say nothing, such as the END of a key; and a text without them would be torn apart.
_SHORTEST_REDACTED = 4
_REDACTED = "[secret]"


@dataclass(frozen=True)
class Destination:
    """A folder (`path`, absolute) or a URL, with its options. Neither has a secret in it."""

    url: str
    scheme: Scheme
    path: Path | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.path) if self.path else self.url

    @property
    def server(self) -> tuple[str, int] | None:
        """The host and port that Litestream connects to, None for a folder and for a cloud's own addresses."""
        if endpoint := self.options.get("endpoint"):
            text = str(endpoint)
            parts = urlsplit(text if "://" in text else f"https://{text}")
            return _host_of(parts.hostname), parts.port or (80 if parts.scheme == "http" else 443)
        if self.scheme.default_port is None:
            return None
        parts = urlsplit(self.url)
        return _host_of(parts.hostname), parts.port or self.scheme.default_port

    def config(self, secrets: Secrets, folder: Path) -> dict[str, Any]:
        """Litestream's configuration of the replica; secrets that it reads from files are in `folder`.

        Raises RestoreInconclusive where a secret is missing that it cannot do without.
        """
        if self.path:
            return {"path": str(self.path)}
        self._check_secrets(secrets)
        content: dict[str, Any] = {"url": self.url, **self.options}
        for option in self.scheme.secrets:
            if value := secrets.get(option.name):
                content |= _place(option, value, folder)
        return content

    def _check_secrets(self, secrets: Secrets) -> None:
        there = {option.name for option in self.scheme.secrets if secrets.get(option.name)}
        missing = [option.name for option in self.scheme.secrets if option.is_required and option.name not in there]
        if not missing and self.scheme.one_of and not there.intersection(self.scheme.one_of):
            missing = [gettext(" or ").join(self.scheme.one_of)]
        if missing:
            raise RestoreInconclusive(
                gettext("{destination} cannot be read without {names}. Say where that secret is kept.").format(
                    destination=self, names=", ".join(missing)
                )
            )


def parse_destination(text: str, options: Mapping[str, Any] | None = None) -> Destination:
    """The place that `text` and its options mean. Raises RecoveryError with a sentence for the form."""
    if text.startswith("file://"):
        text = unquote(text.removeprefix("file://"))
    if "://" not in text:
        return Destination("", FOLDER, _check_folder(text), _check_options(FOLDER, options or {}))
    scheme = SCHEMES.get(text.partition("://")[0])
    if scheme is None:
        raise RecoveryError(
            gettext("{url} is of no kind that Litestream knows. Begin with one of: {names}.").format(
                url=text.partition("://")[0], names=", ".join(f"{name}://" for name in SCHEMES)
            ),
            field="destination",
        )
    _check_url(text, scheme)
    found = Destination(text, scheme, None, _check_options(scheme, options or {}))
    _check_server(found)
    return found


def redact(text: str, secrets: Secrets) -> str:
    """`text` without the secrets, whole or in part, as they are or as they stand in an address."""
    pieces: set[str] = set()
    for value in secrets.values.values():
        whole = value.strip()
        parts = {whole} if len(whole) >= _SHORTEST_REDACTED else set()
        parts |= {piece for piece in re.split(r"[\n&]", whole) if len(piece) >= 2 * _SHORTEST_REDACTED}
        pieces |= {form for part in parts for form in (part, quote(part), quote(part, safe=""), quote_plus(part))}
    for piece in sorted(pieces, key=len, reverse=True):
        text = text.replace(piece, _REDACTED)
    return text


def _host_of(hostname: str | None) -> str:
    return hostname or ""


def _place(option: Option, value: str, folder: Path) -> dict[str, Any]:
    if not option.is_file:
        return {option.key: value}
    # Readers of keys insist on the line feed that reading a secret takes off.
    path = write_private(folder / option.file_name, f"{value}\n")
    return {} if option.file_name.startswith(".") else {option.key: str(path)}


def _check_folder(text: str) -> Path:
    path = Path(text)
    if not path.is_absolute():
        raise RecoveryError(
            gettext("The replica's folder {path} is not an absolute path. Write it from / on.").format(path=path),
            field="destination",
        )
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise RecoveryError(
            gettext("The replica's folder has a name that is not UTF-8. Rename the folder."), field="destination"
        ) from error
    return path


def _check_url(text: str, scheme: Scheme) -> None:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise RecoveryError(gettext("This address cannot be read. Check it."), field="destination") from None
    problem = ""
    if not text.isprintable() or " " in text:
        problem = gettext("The address has characters in it that do not belong there. Check it.")
    elif parts.password is not None:
        problem = gettext("The address has a password in it. Leave it out, and say where the password is kept.")
    elif parts.query or parts.fragment:
        problem = gettext("The address has “?” or “#” in it. Give what follows as options.")
    elif not parts.hostname:
        problem = gettext("The address names no server and no bucket. It looks like {example}.").format(
            example=scheme.example
        )
    elif scheme.default_port is None and not _is_bucket(parts.netloc.rpartition("@")[2]):
        problem = gettext("{name} is not the name of a bucket. Give a server as the option “endpoint”.").format(
            name=parts.hostname
        )
    if problem:
        raise RecoveryError(problem, field="destination")


def _is_bucket(name: str) -> bool:
    return bool(_BUCKET.fullmatch(name)) and name != "localhost" and not name.endswith(".localhost")


def _check_options(scheme: Scheme, options: Mapping[str, Any]) -> dict[str, Any]:
    known = {option.name: option for option in scheme.options}
    checked = {}
    for name, value in options.items():
        if value is None or value == "":
            continue
        option = known.get(name)
        if option is None:
            raise RecoveryError(
                gettext("{scheme} has no option {name}. Leave it out.").format(scheme=scheme.label, name=name),
                field="options",
            )
        if option.is_secret:
            raise RecoveryError(
                gettext("{name} is a secret. Say where it is kept, and do not write it down here.").format(name=name),
                field="options",
            )
        checked[name] = _check_value(option, value)
    return checked


def _check_value(option: Option, value: Any) -> Any:
    wanted = {"text": str, "flag": bool, "number": int}[option.kind]
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise RecoveryError(
            gettext("The option {name} has a value of another kind. Check it.").format(name=option.name),
            field="options",
        )
    return value


def _check_server(destination: Destination) -> None:
    if "@" in str(destination.options.get("endpoint", "")):
        raise RecoveryError(
            gettext("The endpoint has a user or a password in it. Take it out, and name the secrets that hold them."),
            field="options",
        )
    try:
        server = destination.server
    except ValueError:
        server = ("", 0)
    if server is not None and not server[0]:
        raise RecoveryError(
            gettext("The endpoint names no server. It looks like https://minio.example.org:9000."), field="options"
        )
