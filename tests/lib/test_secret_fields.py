import pytest

from lib.secret_fields import AddressInput


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("sftp://backup:hu:sh@host:22/a", "sftp://backup@host:22/a"),
        ("postgresql://me:hush@db1/shop", "postgresql://me@db1/shop"),
        ("postgresql://db1/shop?password=hush&user=me", "postgresql://db1/shop?&user=me"),
        ("host=db1 password=hush dbname=shop", "host=db1 dbname=shop"),
        (r"host=db1 PASSWORD = 'hu \'sh' dbname=shop", "host=db1 dbname=shop"),
        ("s3://bucket/a:b", "s3://bucket/a:b"),
        ("/backups/app", "/backups/app"),
        (None, None),
    ],
)
def test_an_address_comes_back_without_its_password(typed: str | None, shown: str | None) -> None:
    assert AddressInput().format_value(typed) == shown
