"""Words that incidents are found again by."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Tag(models.Model):
    """One word or short phrase, in lower case."""

    name = models.CharField(_("tag"), max_length=50, unique=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="tag_name_is_not_empty", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name
