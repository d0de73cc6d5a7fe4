import pytest

from recovery.errors import RestoreFailed, RestoreInconclusive, RestoreStopped
from recovery.methods.litestream_destination import parse_destination
from recovery.methods.litestream_failures import explain
from recovery.methods.process import Finished

S3 = parse_destination("s3://bucket/app", {"endpoint": "https://minio.example.org"})
SFTP = parse_destination("sftp://u@backup.example.org/app")


@pytest.mark.parametrize(
    ("log", "outcome", "words"),
    [
        (
            "https response error StatusCode: 404, NoSuchBucket: none",
            RestoreFailed,
            "bucket of s3://bucket/app does not",
        ),
        (
            "StatusCode: 403, api error SignatureDoesNotMatch: x",
            RestoreInconclusive,
            "minio.example.org:443 does not accept",
        ),
        ("StatusCode: 403, api error AccessDenied: Access Denied", RestoreInconclusive, "may not read it"),
        ("api error RequestTimeTooSkewed: x", RestoreInconclusive, "clocks"),
        ("dial tcp 10.0.0.1:443: connect: no route to host", RestoreInconclusive, "could not be reached"),
        ("dial tcp 10.0.0.1:443: i/o timeout", RestoreInconclusive, "could not be reached"),
        ("tls: failed to verify certificate: x509: unknown authority", RestoreInconclusive, "not to be trusted"),
        ("decode page 3: file checksum mismatch", RestoreFailed, "damaged or cut short"),
        ("something new", RestoreFailed, "something new"),
    ],
)
def test_the_text_decides(log: str, outcome: type[RestoreStopped], words: str) -> None:
    error = explain(Finished(1, b"", f"Error: {log}", 0.1), S3, None)
    assert type(error) is outcome
    assert words in error.message
    assert error.message.endswith(".")


def test_a_server_that_is_not_the_one_known_is_named() -> None:
    error = explain(Finished(1, b"", "Error: ssh: handshake failed: ssh: host key mismatch", 0.1), SFTP, None)
    assert isinstance(error, RestoreInconclusive)
    assert "backup.example.org:22 has another host key" in error.message
