"""What must hold in a restored database."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recovery.models.database import Database


class Check(models.Model):
    """One expectation of whatever is restored from any replica of a database.

    `parameters` are those of the kind, as `recovery.services.checks` reads and writes them.
    """

    class Kind(models.TextChoices):
        """What is compared with what."""

        REQUIRED_TABLES = "required_tables", _("Tables that must be there")
        MINIMUM_ROWS = "minimum_rows", _("Rows a table has at least")
        NO_SHRINKAGE = "no_shrinkage", _("No table shrinks")
        NEWEST_VALUE = "newest_value", _("Newest value of a column")
        SQL_ASSERTION = "sql_assertion", _("Answer to a SQL query")
        SOURCE_CONTENT = "source_content", _("Same content as the source")
        IDENTITY = "identity", _("Same application")
        SCHEMA = "schema", _("Same schema")

    class Origin(models.TextChoices):
        """Who asked for it."""

        DEFAULT = "default", _("on from the start")
        LEARNT = "learnt", _("learnt from a passing test")
        PERSON = "person", _("added by a person")

    database = models.ForeignKey(Database, models.CASCADE, related_name="checks")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    parameters = models.JSONField(default=dict, blank=True)
    origin = models.CharField(max_length=20, choices=Origin, default=Origin.PERSON)
    is_enabled = models.BooleanField(_("on"), default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            # Two tests of one database that end together would each add what they learnt.
            models.UniqueConstraint(
                name="check_not_by_a_person_is_one_a_kind", fields=["database", "kind"], condition=~Q(origin="person")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.database.name}: {self.get_kind_display()}"

    @property
    def summary(self) -> str:
        """Its parameters in a line, as a person reads them."""
        words = {"table": "", "column": "", **self.parameters}
        column = f"{words['table']}.{words['column']}" if words["column"] else words["table"]
        match self.kind:
            case self.Kind.REQUIRED_TABLES:
                return ", ".join(words["tables"])
            case self.Kind.MINIMUM_ROWS:
                return f"{column} ≥ {words['rows']:,}"
            case self.Kind.NO_SHRINKAGE:
                return f"≤ {words['percent']:g} %"
            case self.Kind.NEWEST_VALUE:
                return f"{column} ≤ {words['seconds']:,} s"
            case self.Kind.SQL_ASSERTION:
                return f"{words['sql']} {words['operator']} {words['expected']}"
            case self.Kind.IDENTITY:
                return ", ".join(f"{name} {value}" for name, value in sorted(words["values"].items()))
            case self.Kind.SCHEMA:
                return f"{words['fingerprint'][:16]}…"
        return column
