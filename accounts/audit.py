"""Whose changes these are, by which door they come, and which records are watched for changes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User

# They follow from other changes, or count them.
STAMPS = {"created_at", "updated_at", "revision", "version"}
MASK = "••••••••"


class Door(models.TextChoices):
    """The way by which a change came in."""

    PAGE = "page", _("Page")
    API = "api", _("API")
    IMPORT = "import", _("Import")
    SYSTEM = "system", _("System")


@dataclass(frozen=True)
class Origin:
    """Who changes records, None where nobody in particular does, and by which door."""

    actor: "User | None" = None
    door: Door = Door.SYSTEM


_origin: ContextVar[Origin | None] = ContextVar("origin_of_changes", default=None)


@contextmanager
def changes_by(actor: "User | None", *, door: Door) -> Iterator[None]:
    """Changes made inside are this person's, through this door; afterwards it is as it was before."""
    token = _origin.set(Origin(actor, door))
    try:
        yield
    finally:
        _origin.reset(token)


def changes_are_by(actor: "User", *, door: Door) -> None:
    """The same to the end of whatever `changes_by` is around: for who is recognised halfway through a request.

    It changes nothing where there is none, since it would last beyond the request.
    """
    if _origin.get() is not None:
        _origin.set(Origin(actor, door))


def current_origin() -> Origin:
    """Whose changes are being made; the system's, where nobody said."""
    return _origin.get() or Origin()


def watch(
    model: type[models.Model],
    *,
    only: Iterable[str] = (),
    leave_out: Iterable[str] = (),
    mask: Iterable[str] = (),
    many: Iterable[str] = (),
) -> None:
    """Every change of this model's records is kept from now on: of all fields but stamps and those left out, or `only`.

    Of masked fields it is kept that they changed, never a value; `many` are the fields that hold many records. To be
    called once, when the application starts. Only changes of single records are seen: `save()`, `create()`,
    `delete()`, and the methods of `many` but for `clear()`.
    """
    from auditlog.registry import auditlog

    left_out = STAMPS | {model._meta.pk.name, *leave_out}
    kept = [*only] or [field.name for field in model._meta.concrete_fields if field.name not in left_out]
    auditlog.register(
        model,
        # Named one by one: the package would otherwise ask the database for what refers to the record as well.
        include_fields=kept,
        mask_fields=[*mask],
        mask_callable="accounts.audit.hide",
        m2m_fields={*many},
    )


def watched_kinds() -> dict[str, type[models.Model]]:
    """The watched models by how an address names them: `timeline-event`."""
    from auditlog.registry import auditlog

    models_watched: list[Any] = auditlog.get_models()
    return {kind_of(model): model for model in models_watched}


def kind_of(model: type[models.Model]) -> str:
    """How an address names this kind of record."""
    return slugify(str(model._meta.verbose_name))


def hide(value: str) -> str:  # noqa: ARG001  # the package's signature
    """The same for every value."""
    return MASK
