"""What is removed so that it can be brought back."""

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model, covariant=True)


class Standing(models.Manager[Row]):
    """Those that were not removed: what lists, pages, searches and documents are made of."""

    def get_queryset(self) -> QuerySet[Row]:
        """Without the removed ones."""
        return super().get_queryset().filter(removed_at=None)


class Removable(models.Model):
    """A row that is there, or was removed at an instant.

    `objects` and related managers know those that are there; `with_removed` is for bringing back, and for histories.
    """

    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = Standing()
    with_removed = models.Manager()  # noqa: DJ012  # a manager, which ruff takes for a field

    class Meta:
        abstract = True
