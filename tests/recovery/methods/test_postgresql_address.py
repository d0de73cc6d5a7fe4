from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from recovery.errors import RecoveryError, RestoreInconclusive
from recovery.methods.postgresql import Standby
from recovery.methods.postgresql_address import check_dsn, write_passfile

DSN = "host=db2 user=debrief dbname=shop"


@pytest.mark.parametrize(
    "text",
    [
        DSN,
        "postgresql://debrief@db2:5433/shop?sslmode=verify-full&sslrootcert=system",
        "postgres://debrief@[::1]/shop",
        "host=/var/run/postgresql port=5433 user=debrief dbname='my shop'",
        "hostaddr=192.0.2.7 user=debrief dbname=shop sslmode=require sslrootcert=/etc/ssl/root.crt",
    ],
)
def test_addresses_that_say_where_and_as_whom(text: str) -> None:
    assert check_dsn(text).database in ("shop", "my shop")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{DSN} password=hush", "password in it"),
        ("postgresql://debrief:hush@db2/shop", "password in it"),
        (f"{DSN} passfile=/etc/hush", "may not say “passfile”"),
        (f"{DSN} service=hush", "may not say “service”"),
        (f"{DSN} sslkey=/etc/hush", "may not say “sslkey”"),
        (f"{DSN} sslpassword=hush", "may not say “sslpassword”"),
        (f"{DSN} options='-c hush=1'", "may not say “options”"),
        (f"{DSN} replication=true", "may not say “replication”"),
        (f"{DSN} target_session_attrs=any", "may not say “target_session_attrs”"),
        (f"{DSN} hush=1", "no connection string"),
        ("hush", "no connection string"),
        ("", "no “host”"),
        ("host=db2 dbname=shop", "no “user”"),
        ("user=debrief dbname=shop", "no “host”"),
        ("host=db2 user=debrief", "no “dbname”"),
        ("host=db2,hush user=debrief dbname=shop", "several servers"),
        ("host=db2 user=debrief dbname='host=hush'", "name alone"),
        ("host=db2 user=debrief dbname=postgresql://hush", "name alone"),
        (f"{DSN} sslrootcert=hush", "whole path"),
        ("host=db2 user='hu\nsh' dbname=shop", "control characters"),
    ],
)
def test_addresses_that_are_refused_in_a_sentence_that_repeats_none_of_it(text: str, words: str) -> None:
    with pytest.raises(RecoveryError, match=words) as caught:
        check_dsn(text)
    assert "hush" not in str(caught.value)
    for dsns in ((text, None), (DSN, text or "x")):
        with pytest.raises(RecoveryError):
            Standby(*dsns)


def test_a_tool_gets_the_file_of_the_password_and_usual_limits() -> None:
    found = conninfo_to_dict(check_dsn(f"{DSN} connect_timeout=3").conninfo(Path("/scratch/p"), options="-c a=1"))
    assert found == {
        "host": "db2",
        "user": "debrief",
        "dbname": "shop",
        "passfile": "/scratch/p",
        "options": "-c a=1",
        "connect_timeout": "3",
        "application_name": "debrief",
    }


def test_the_file_of_the_password_is_its_owners_alone(tmp_path: Path) -> None:
    path = write_passfile(tmp_path, "standby", "a:b\\c")
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "*:*:*:*:a\\:b\\\\c\n"
    assert write_passfile(tmp_path, "primary", None) is None
    with pytest.raises(RestoreInconclusive, match="line break"):
        write_passfile(tmp_path, "standby", "two\nlines")
