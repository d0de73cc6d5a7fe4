"""Evidence in words: one wording for the page, the timeline and the document."""

from django.utils.translation import gettext as _

from lib.durations import format_duration
from recovery.models import Evidence, RestoreTest


def noun_of(evidence: Evidence) -> str:
    """What a sentence about it begins with: `RT-3`, `File app.log`, `Link https://…`."""
    if evidence.kind == Evidence.Kind.FILE:
        return _("File %(name)s") % {"name": evidence.file_name}
    return _("Link %(url)s") % {"url": evidence.url} if evidence.kind == Evidence.Kind.LINK else evidence.name


def rto_of(test: RestoreTest) -> str:
    """The measured RTO against its objective: `8.5 s, objective 1 min: met`."""
    return _against(test.rto_seconds, test.rto_objective_seconds, met=test.is_rto_met, reason="")


def rpo_of(test: RestoreTest) -> str:
    """The measured RPO against its objective, or why it is unknown."""
    return _against(test.rpo_seconds, test.rpo_objective_seconds, met=test.is_rpo_met, reason=test.rpo_reason)


def measures_of(test: RestoreTest) -> str:
    """What a timeline says of a test in one line: result, RTO and RPO against objective, method, digest."""
    parts = [
        test.get_status_display(),
        f"RTO {rto_of(test)}",
        f"RPO {rpo_of(test)}",
        f"{test.replica} ({test.replica.get_method_display()})",
    ]
    if test.sha256:
        parts.append(f"SHA-256 {test.sha256[:12]}…")
    return " · ".join(parts)


def _against(seconds: float | None, objective: int | None, *, met: bool | None, reason: str) -> str:
    if seconds is None:
        return " ".join(filter(None, [_("unknown") if not reason else _("unknown:"), reason]))
    if objective is None:
        return _("%(measured)s (no objective)") % {"measured": format_duration(seconds)}
    if met is None:
        # The objective is about the latest state, and this is a point in time.
        return format_duration(seconds)
    verdict = _("met") if met else _("missed")
    return _("%(measured)s, objective %(objective)s: %(verdict)s") % {
        "measured": format_duration(seconds),
        "objective": format_duration(objective),
        "verdict": verdict,
    }
