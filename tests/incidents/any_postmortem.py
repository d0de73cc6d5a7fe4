"""Post-mortems with whatever people write, for properties that hold of all."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from accounts.models import User
from incidents.models import (
    ActionItem,
    Improvement,
    Incident,
    Mode,
    Postmortem,
    RoleAssignment,
    RootCause,
    SeverityLevel,
    TimelineEvent,
)
from tests.factories import make_event, make_service, make_tag, make_team

START = datetime(2024, 3, 10, 14, 0, tzinfo=UTC)

# Text as people type it, and as nobody would.
LINES = st.lists(
    st.sampled_from(
        [
            *("# Heading", "## Impact", "### Deeper", "###### Deepest", "- one", "1. first", "> quoted", "---", ""),
            *("```", "~~~ python", "    code", "| a | b |", "| --- | --- |", "<script>x</script>", "<!-- c -->", "-->"),
            *(
                "[a](javascript:x)",
                "![x](/incidents/1/attachments/2/)",
                "`INC-1`",
                "ACT-1 and INC-1.",
                "กู้คืนข้อมูลได้",
                "a\tb",
                '@responder and [x](https://a.b "INC-1")',
                "| a \\| b | `c | d` |",
                "\ufeff\u200b\u202e\u00a0x",
                "5 ม.ค. ๒๕๖๗ น้ำท่วม ทำ",
                "EV-1 RT-1.rto",
            ),
            *(r"\*not\*", "&amp; &lt;", "## Timeline", "*unknown*", "**Bold**: 3", "{}},{[", "--", "😀 ✓ →"),
        ]
    )
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40),
    max_size=8,
)
BODY = LINES.map("\n".join)
LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=60).filter(str.strip)
MINUTES = st.integers(0, 3_000).map(lambda minutes: START + timedelta(minutes=minutes))
COUNT = st.none() | st.integers(0, 10**12)
ZONE = st.sampled_from(["", "UTC", "Asia/Bangkok", "America/New_York"])
SOURCE = st.sampled_from(["", "RT-12.rto", "duration.time_to_resolve"])
CAUSE = st.tuples(
    st.sampled_from(RootCause.Kind.values),
    st.sampled_from(RootCause.Category.values),
    BODY.filter(str.strip),
    st.lists(LINE, max_size=3),
)


@st.composite
def postmortems(draw: st.DrawFn, actor: User) -> Postmortem:
    """A post-mortem of a generated incident, with everything a document shows."""
    incident = draw(_incidents(actor))
    causes = draw(_causes(incident))
    for _number in range(draw(st.integers(0, 4))):
        _draw_event(draw, incident)
    for _number in range(draw(st.integers(0, 4))):
        _draw_item(draw, incident, actor, causes)
    for metric, before, after in draw(st.lists(st.tuples(LINE, LINE, LINE), max_size=3)):
        facts = {"before": before, "after": after, "before_source": draw(SOURCE), "after_source": draw(SOURCE)}
        Improvement.objects.create(incident=incident, metric=metric, **facts)
    if draw(st.booleans()):
        taken = draw(MINUTES)
        facts = {"taken_at": taken, "released_at": draw(st.none() | st.just(taken + timedelta(minutes=5)))}
        RoleAssignment.objects.create(incident=incident, role="scribe", person=actor, **facts)
    postmortem = Postmortem.objects.create(incident=incident, author=actor, author_line=draw(st.just("") | LINE))
    keys = draw(
        st.permutations(["summary", "impact", "timeline", "root_causes", "action_items", "improvements", "own"])
    )
    for position, key in enumerate(keys[: draw(st.integers(0, 7))], start=1):
        facts = {"title": draw(st.sampled_from([key.capitalize(), "Impact", "Timeline"]) | LINE), "body": draw(BODY)}
        postmortem.sections.create(key=key, position=position, prompt=draw(st.just("") | LINE), **facts)
    return postmortem


@st.composite
def _incidents(draw: st.DrawFn, actor: User) -> Incident:
    is_over = draw(st.booleans())
    is_closed = is_over and draw(st.booleans())
    names = ("impact_started_at", "detected_at", "acknowledged_at", "mitigated_at")
    milestones = {name: draw(st.none() | MINUTES) for name in names}
    incident = Incident.objects.create(
        title=draw(LINE),
        summary=draw(BODY),
        severity=SeverityLevel.objects.get(level=draw(st.integers(1, 5))),
        status="closed" if is_closed else "resolved" if is_over else "monitoring",
        closed_at=draw(MINUTES) if is_closed else None,
        time_zone=draw(ZONE),
        impact=draw(BODY),
        mode=draw(st.sampled_from(Mode.values)),
        declared_by=actor,
        declared_at=draw(MINUTES),
        resolved_at=draw(MINUTES) if is_over else None,
        customers_affected=draw(COUNT),
        requests_failed=draw(COUNT),
        data_loss=draw(st.sampled_from(["unknown", "none", "lost"])),
        data_lost=draw(st.just("") | LINE),
        cost=draw(st.just("") | LINE),
        **milestones,
    )
    incident.services.set([make_service(name) for name in draw(st.sets(st.sampled_from(["shop", "ร้าน", "a|b"])))])
    for tag in draw(st.sets(st.sampled_from(["disk", "ดิสก์", "a|b"]))):
        make_tag(incident, tag)
    return incident


@st.composite
def _causes(draw: st.DrawFn, incident: Incident) -> list[RootCause]:
    causes = [
        RootCause.objects.create(incident=incident, kind=kind, category=category, statement=statement, whys=whys)
        for kind, category, statement, whys in draw(st.lists(CAUSE, max_size=4))
    ]
    pairs = draw(st.lists(st.tuples(*[st.sampled_from(causes)] * 2), max_size=4)) if causes else []
    for cause, other in pairs:
        if cause != other:
            cause.leads_to.add(other)
    return causes


def _draw_event(draw: st.DrawFn, incident: Incident) -> None:
    begun = draw(MINUTES)
    facts = {
        "occurred_at": begun,
        "ended_at": draw(st.none() | st.integers(0, 90).map(lambda minutes: begun + timedelta(minutes=minutes))),
        "kind": draw(st.sampled_from(TimelineEvent.Kind.values)),
        "grading": draw(st.sampled_from(TimelineEvent.Grading.values)),
        "is_pinned": draw(st.booleans()),
        "time_zone": draw(ZONE),
    }
    make_event(incident, draw(BODY.filter(str.strip)), **facts)


def _draw_item(draw: st.DrawFn, incident: Incident, actor: User, causes: list[RootCause]) -> None:
    status = draw(st.sampled_from(ActionItem.Status.values))
    ActionItem.objects.create(
        incident=incident,
        title=draw(LINE),
        kind=draw(st.sampled_from(ActionItem.Kind.values)),
        status=status,
        reason=draw(LINE),
        root_cause=draw(st.sampled_from([None, *causes])),
        due_date=draw(st.none() | st.dates()),
        completed_at=draw(st.none() | MINUTES) if status == "done" else None,
        **draw(st.sampled_from([{}, {"owner_person": actor}, {"owner_team": make_team()}])),
    )
