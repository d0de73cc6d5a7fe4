"""What changed for the better."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.stamps import Stamped


class Improvement(Stamped):
    """One figure before and after the incident."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="improvements")
    metric = models.CharField(_("metric"), max_length=120)
    before = models.CharField(_("before"), max_length=120)
    after = models.CharField(_("after"), max_length=120)
    # What the figure is read from, such as RT-12.rto; empty: it was typed.
    before_source = models.CharField(max_length=60, blank=True)
    after_source = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="improvement_metric_is_not_empty", condition=~Q(metric=""))]

    def __str__(self) -> str:
        return f"{self.metric}: {self.before} → {self.after}"
