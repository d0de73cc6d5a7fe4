"""A recovery that a post-mortem claims is shown by evidence: attached to the incident, or named beside the claim."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.completeness import Missing, Rule, Subject, Text
from incidents.documents.references import find_records
from incidents.models.incident import DataLoss
from recovery.claims import evidence_in, find_claims
from recovery.queries.evidence import list_evidence

SHOWN = 140


def find_unproven(subject: Subject) -> Iterator[Missing]:
    """Each sentence that claims a recovery and names no evidence that readers can look at; none with some attached."""
    claims = list(_claims(subject))
    if not claims or list_evidence(subject.incident).exists():
        return
    named = {claim.text: evidence_in(claim.text) for claim in claims}
    known = find_records(set().union(*named.values()), subject.incident)
    for claim in claims:
        if not named[claim.text] & known.keys():
            sentence = _("“%(claim)s” names no evidence. Attach a restore test, or refer to one such as RT-12 there.")
            shown = claim.text if len(claim.text) <= SHOWN else f"{claim.text[:SHOWN].rstrip()}…"
            yield Missing(sentence % {"claim": shown}, claim.url)


def _claims(subject: Subject) -> Iterator[Text]:
    incident = subject.incident
    if incident.data_loss == DataLoss.NONE:
        yield Text(_("Data lost: %(words)s") % {"words": incident.data_loss_in_words}, subject.address("impact_edit"))
    for text in subject.texts:
        for claim in find_claims(text.text):
            yield Text(claim, text.url)
    for improvement in subject.loaded.improvements:
        if not improvement.after_source:
            url = subject.address("improvement_edit", improvement.pk)
            for claim in find_claims(f"{improvement.metric} {improvement.after}"):
                yield Text(claim, url)


RULE = Rule(gettext_lazy("Evidence for what is said of recovery"), find_unproven)
