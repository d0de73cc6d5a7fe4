"""Registering PostgreSQL databases."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from lib.secret_references import SecretError, check_reference
from recovery.errors import RecoveryError
from recovery.methods.postgresql_address import check_dsn
from recovery.models import Database
from recovery.services.registration import check_new_name


def register_postgresql(*, name: str, dsn: str, password: str = "", **facts: Any) -> Database:
    """A PostgreSQL database under Debrief's eyes. Its servers are asked by the first restore test, not now.

    `password` is a reference to a secret; `facts` are the team and the objectives.
    """
    _check_address(dsn, password)
    with transaction.atomic():
        check_new_name(name)
        secrets = _secrets(password)
        return Database.objects.create(kind=Database.Kind.POSTGRESQL, name=name, dsn=dsn, secrets=secrets, **facts)


def change_postgresql(database: Database, *, dsn: str, password: str, **facts: Any) -> Database:
    """The database with this connection string and these objectives; earlier tests keep those they were run against."""
    _check_address(dsn, password)
    with transaction.atomic():
        database = Database.objects.select_for_update().get(pk=database.pk)
        for field, value in {"dsn": dsn, "secrets": _secrets(password), **facts}.items():
            setattr(database, field, value)
        database.save(update_fields=["dsn", "secrets", *facts, "updated_at"])
        return database


def _check_address(dsn: str, password: str) -> None:
    try:
        check_dsn(dsn)
    except RecoveryError as error:
        raise RecoveryError(str(error), field="dsn") from None
    if password:
        try:
            check_reference(password)
        except SecretError as error:
            raise RecoveryError(str(error), field="password") from None


def _secrets(password: str) -> Mapping[str, str]:
    return {"password": password} if password else {}
