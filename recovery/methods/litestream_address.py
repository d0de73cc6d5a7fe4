"""Where a replica of Litestream's configuration lies, written as one address whichever way the file spells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from django.utils.translation import gettext as _

# What addresses of Litestream may carry behind their question mark, and what it is called elsewhere.
_IN_QUERY = {
    "endpoint": "endpoint",
    "region": "region",
    "forcePathStyle": "force-path-style",
    "skipVerify": "skip-verify",
    "signPayload": "sign-payload",
    "sign-payload": "sign-payload",
    "requireContentMD5": "require-content-md5",
    "require-content-md5": "require-content-md5",
}
_FLAGS = {"force-path-style", "skip-verify", "sign-payload", "require-content-md5"}


@dataclass(frozen=True)
class Address:
    """The address without a secret; `password` is what stood in it, under the name that the secret has."""

    scheme: str
    destination: str
    options: dict[str, Any] = field(default_factory=dict)
    password: str = field(default="", repr=False)
    password_name: str = ""
    problem: str = ""


def find_address(settings: Mapping[Any, Any]) -> Address:
    """The address that the settings of one replica mean; where there is none, with the `problem` in a sentence."""
    text = {str(key): str(value) for key, value in settings.items() if isinstance(value, str | int)}
    if url := text.get("url"):
        return _from_url(url)
    scheme = text.get("type") or "file"
    path = text.get("path", "")
    if scheme == "file":
        return _file(path)
    if scheme == "webdav":
        return _webdav(text.get("webdav-url", ""), path)
    if scheme == "sftp":
        if not path.startswith("/"):
            return Address(
                scheme, "", problem=_("The path on the SFTP server does not begin with “/”. Write it whole.")
            )
        user = f"{quote(text['user'])}@" if text.get("user") else ""
        return _complete(scheme, user + text.get("host", ""), path)
    account = f"{text['account-name']}@" if scheme == "abs" and text.get("account-name") else ""
    return _complete(scheme, account + text.get("bucket", ""), path)


def _complete(scheme: str, place: str, path: str) -> Address:
    if not place.rpartition("@")[2]:
        return Address(scheme, "", problem=_("The file names neither a server nor a bucket for this replica."))
    return Address(scheme, f"{scheme}://{place}/{quote(path.lstrip('/'), safe='/$' + '{}')}")


def _file(path: str) -> Address:
    if not path.startswith("/"):
        problem = _("The replica's folder does not begin with “/”. Write its whole path.")
        return Address("file", "", problem=problem)
    return Address("file", path)


def _webdav(url: str, path: str) -> Address:
    parts = urlsplit(url)
    scheme = {"http": "webdav", "https": "webdavs"}.get(parts.scheme)
    if scheme is None or not parts.netloc:
        return Address(
            "webdav", "", problem=_("The address “webdav-url” of this replica is missing or no web address.")
        )
    return _from_url(f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}/{path.lstrip('/')}")


def _from_url(url: str) -> Address:
    try:
        parts = urlsplit(url)
        password = unquote(parts.password or "")
    except ValueError:
        return Address("", "", problem=_("The address of this replica cannot be read. Check it."))
    scheme = parts.scheme
    if scheme == "file":
        return _file(unquote(parts.path))
    place = parts.netloc
    if password:
        user, _at, host = place.rpartition("@")
        place = f"{user.partition(':')[0]}@{host}"
    options: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query):
        if key := _IN_QUERY.get(name):
            options[key] = value == "true" if key in _FLAGS else value
    name = "webdav-password" if scheme.startswith("webdav") else "password"
    options |= {"webdav-username": unquote(parts.username)} if name == "webdav-password" and parts.username else {}
    return Address(scheme, urlunsplit((scheme, place, parts.path, "", "")), options, password, name)
