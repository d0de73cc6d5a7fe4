"""The causes of an incident for its document: a map and an outline that says the same."""

from django.utils.translation import gettext as _

from incidents.documents.tree import Block, CauseAction, CauseMap, CauseNode, Cell, Gap
from incidents.models import ActionItem, Incident, RootCause

ORDER = list(RootCause.Kind)


def cause_map(incident: Incident, causes: list[RootCause], items: list[ActionItem]) -> Block:
    """The causes by kind, with what they led to (`leads_to` fetched before) and the action items that address each."""
    if not causes:
        return Gap(_("No cause has been recorded yet."))
    causes = sorted(causes, key=lambda cause: (ORDER.index(RootCause.Kind(cause.kind)), cause.pk))
    places = {cause.pk: place for place, cause in enumerate(causes)}
    return CauseMap(
        title=_("Map of causes"),
        incident=f"{incident.reference} {incident.title}",
        nodes=tuple(_node(cause, places, items) for cause in causes),
        loose=tuple(_action(item) for item in items if item.root_cause_id is None),
    )


def _node(cause: RootCause, places: dict[int, int], items: list[ActionItem]) -> CauseNode:
    return CauseNode(
        kind=cause.kind,
        kind_label=cause.get_kind_display(),
        category=cause.get_category_display(),
        statement=Cell(cause.statement, "markdown"),
        whys=tuple(Cell(str(why), "markdown") for why in cause.whys),
        leads_to=tuple(sorted(places[other.pk] for other in cause.leads_to.all() if other.pk in places)),
        actions=tuple(_action(item) for item in items if item.root_cause_id == cause.pk),
    )


def _action(item: ActionItem) -> CauseAction:
    return CauseAction(item.reference, item.title, item.status, item.get_status_display())
