import ipaddress
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from recovery.errors import RecoveryError, RestoreInconclusive
from recovery.methods.backup import Secrets
from recovery.methods.litestream_destination import parse_destination, redact
from recovery.methods.litestream_destinations import SCHEMES
from recovery.methods.network import check_address


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.name)
def test_each_example_is_a_destination(scheme: Any, tmp_path: Path) -> None:
    found = parse_destination(scheme.example)
    assert found.scheme is scheme
    secrets = Secrets({option.name: f"secret {option.name}" for option in scheme.secrets})
    config = found.config(secrets, tmp_path)
    assert next(iter(config)) == ("path" if scheme.name == "file" else "url")
    for option in scheme.secrets:
        if option.is_file:
            file = tmp_path / option.file_name
            assert (file.read_text(), file.stat().st_mode & 0o777) == (f"secret {option.name}\n", 0o600)
        else:
            assert config[option.key] == f"secret {option.name}"


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("backups/app", {}, "absolute path"),
        ("ftp://host/app", {}, "Begin with one of"),
        ("sftp://user:secret@host/app", {}, "password in it"),
        ("s3://bucket/app?endpoint=http://169.254.169.254", {}, "Give what follows as options"),
        ("s3://bucket.localhost:9000/app", {}, "is not the name of a bucket"),
        ("s3://localhost/app", {}, "is not the name of a bucket"),
        ("s3:///app", {}, "names no server"),
        ("sftp://host:port/app", {}, "cannot be read"),
        ("sftp://ho st/app", {}, "do not belong"),
        ("s3://bucket/app", {"colour": "red"}, "has no option colour"),
        ("s3://bucket/app", {"secret-access-key": "x"}, "is a secret"),
        ("s3://bucket/app", {"force-path-style": "yes"}, "of another kind"),
        ("s3://bucket/app", {"endpoint": "https://"}, "names no server"),
        ("sftp://host/app", {"key-path": "/etc/shadow"}, "has no option key-path"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(text: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(RecoveryError, match=words) as caught:
        parse_destination(text, options)
    assert str(caught.value).endswith(".")
    assert "user:secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "options", "server"),
    [
        ("/backups/app", {}, None),
        ("s3://bucket/app", {}, None),
        ("s3://bucket/app", {"endpoint": "http://10.0.0.1"}, ("10.0.0.1", 80)),
        ("s3://bucket/app", {"endpoint": "minio:9000"}, ("minio", 9000)),
        ("sftp://u@host/app", {}, ("host", 22)),
        ("sftp://u@[fe80::1]:23/app", {}, ("fe80::1", 23)),
        ("webdavs://host/app", {}, ("host", 443)),
        ("nats://host/app", {}, ("host", 4222)),
    ],
)
def test_the_server_that_is_asked_is_known(text: str, options: dict[str, Any], server: object) -> None:
    assert parse_destination(text, options).server == server


def test_without_any_secret_no_client_looks_for_its_own(tmp_path: Path) -> None:
    for text in ("s3://bucket/app", "gs://bucket/app", "abs://a@container/app", "sftp://u@host/app"):
        with pytest.raises(RestoreInconclusive, match="cannot be read without"):
            parse_destination(text).config(Secrets(), tmp_path)


def test_secrets_are_taken_out_of_what_a_tool_says() -> None:
    secrets = Secrets({"password": "p/ss w+rd", "key": "BEGIN\nAAAABBBBCCCC\nEND", "sas-token": "sv=1&sig=abc%2Fdef"})
    said = "at p/ss w+rd, p%2Fss%20w%2Brd and p%2Fss+w%2Brd: AAAABBBBCCCC ?sv=2&sig=abc%2Fdef BEGIN"
    hidden = "[secret]"
    assert redact(said, secrets) == f"at {hidden}, {hidden} and {hidden}: {hidden} ?sv=2&{hidden} BEGIN"


@pytest.mark.parametrize(
    ("address", "is_allowed", "is_allowed_among_public_ones"),
    [
        ("1.1.1.1", True, True),
        ("2606:4700::1", True, True),
        ("10.0.0.1", True, False),
        ("127.0.0.1", True, False),
        ("::1", True, False),
        ("fd12::1", True, False),
        ("::ffff:10.0.0.1", True, False),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("fd00:ec2::254", False, False),
        ("100.100.100.200", False, False),
        ("0.0.0.0", False, False),  # noqa: S104  # refused
        ("224.0.0.1", False, False),
    ],
)
def test_only_some_addresses_may_be_asked(address: str, is_allowed: bool, is_allowed_among_public_ones: bool) -> None:
    for is_private_allowed, wanted in ((True, is_allowed), (False, is_allowed_among_public_ones)):
        refusal = nullcontext() if wanted else pytest.raises(RestoreInconclusive, match=address.removeprefix("::ffff:"))
        with refusal:
            check_address("host", ipaddress.ip_address(address), is_private_allowed=is_private_allowed)
