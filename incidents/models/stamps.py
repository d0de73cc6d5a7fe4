"""When a row was made and last changed."""

from django.db import models


class Stamped(models.Model):
    """Every row of this app carries both instants."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
