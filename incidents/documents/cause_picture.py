"""The map of causes as a picture: what began it at the left, the incident at the right, what softened it below."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.excerpts import plain_text
from lib.flow_picture import Flow, Item, Sheet, draw_narrow, draw_wide

if TYPE_CHECKING:
    from incidents.documents.tree import CauseAction, CauseMap, CauseNode

COLUMNS = ("trigger", "contributing_factor", "root_cause")
LANES = ("mitigator", "risk")
WIDE, NARROW = 640, 320
INCIDENT = "incident"
COLOURS = {
    "trigger": "#7d4e00",
    "contributing_factor": "#0b6870",
    "root_cause": "#6f4496",
    "mitigator": "#1c6b3c",
    "risk": "#2d5b95",
    INCIDENT: "#a3262b",
}


def headings() -> dict[str, str]:
    """What stands above the boxes of each kind."""
    return {
        "trigger": _("Triggers"),
        "contributing_factor": _("Contributing factors"),
        "root_cause": _("Root causes"),
        "mitigator": _("Mitigators"),
        "risk": _("Risks"),
        INCIDENT: _("Incident"),
    }


def draw_map(causes: "CauseMap") -> tuple[Flow, Flow]:
    """The picture for wide pages and for narrow ones."""
    kinds = {node.kind for node in causes.nodes}
    columns = [kind for kind in COLUMNS if kind in kinds]
    lanes = [kind for kind in LANES if kind in kinds]
    items = [_item(number, node, columns, lanes) for number, node in enumerate(causes.nodes, start=1)]
    items.append(Item(INCIDENT, "", causes.incident, column=len(columns), colour=COLOURS[INCIDENT]))
    edges = _edges(causes.nodes, columns)
    words = headings()
    columns_named, lanes_named = [words[kind] for kind in (*columns, INCIDENT)], [words[kind] for kind in lanes]
    return (
        draw_wide(items, edges, Sheet(columns_named, lanes_named, WIDE)),
        draw_narrow(items, edges, Sheet(columns_named, lanes_named, NARROW)),
    )


def led_to(node: "CauseNode") -> str:
    """Which other causes it led to, or softened, by their numbers: `led to 2, 4`; empty where there is none."""
    if not node.leads_to:
        return ""
    words = {
        "mitigator": _("softened %(causes)s"),
        "risk": _("bears on %(causes)s"),
    }
    numbers = ", ".join(str(place + 1) for place in node.leads_to)
    return words.get(node.kind, _("led to %(causes)s")) % {"causes": numbers}


def is_owed(node: "CauseNode") -> bool:
    """True for a cause that an action item should address and none does."""
    return node.kind != "mitigator" and not node.actions


def _item(number: int, node: "CauseNode", columns: list[str], lanes: list[str]) -> Item:
    text = plain_text(node.statement.text)
    drawn = partial(Item, node.kind, str(number), text, _note(node), colour=COLOURS[node.kind])
    return drawn(column=columns.index(node.kind)) if node.kind in columns else drawn(lane=lanes.index(node.kind))


def _note(node: "CauseNode") -> str:
    whys = ngettext("%(count)d why", "%(count)d whys", len(node.whys)) % {"count": len(node.whys)} if node.whys else ""
    actions = ", ".join(map(_action, node.actions)) or (_("no action item") if is_owed(node) else "")
    return " · ".join(filter(None, [actions, whys]))


def _action(action: "CauseAction") -> str:
    return f"{action.reference} {action.label.lower()}"


def _edges(nodes: "Sequence[CauseNode]", columns: list[str]) -> list[tuple[int, int]]:
    """What leads to what; the causes of the last column that lead to nothing else led to the incident."""
    edges = [(place, target) for place, node in enumerate(nodes) for target in node.leads_to]
    last = columns[-1] if columns else ""
    for place, node in enumerate(nodes):
        if node.kind == last and not any(nodes[target].kind in columns for target in node.leads_to):
            edges.append((place, len(nodes)))
    return edges
