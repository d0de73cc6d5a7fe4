"""What the guide to blameless wording marks in a post-mortem, and what was left as it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Postmortem, PostmortemSection, WordingDismissal, WordingRule
from incidents.wording.check import Mark, check
from incidents.wording.excerpts import sentence_around
from incidents.wording.rules import TEAM, Rule, TeamRule, load_rules

# More than anybody mends at once; what follows appears as these go.
SHOWN = 50
CATEGORIES = {
    "person": gettext_lazy("A person as the cause"),
    "counterfactual": gettext_lazy("A past that did not happen"),
    "judgement": gettext_lazy("A judgement"),
    "human_error": gettext_lazy("“Human error”"),
    "omission": gettext_lazy("What somebody did not do"),
    "question": gettext_lazy("A question about people"),
    "team": gettext_lazy("Your team’s rule"),
}


@dataclass(frozen=True)
class Advice:
    """What a rule says, and in which language it says so."""

    category: str
    why: str
    rewrite: str
    language: str


@dataclass(frozen=True)
class ShownMark:
    """A mark as it is shown: the phrase in its sentence; `start` and `end` count as browsers do, in UTF-16 units."""

    mark: Mark
    phrase: str
    before: str
    behind: str
    start: int
    end: int

    @property
    def advice(self) -> Advice:
        """Why it is marked, and what to write instead."""
        return to_advice(self.mark)


@dataclass(frozen=True)
class Findings:
    """What is marked in a text now: those to be looked at, and the dismissals of those that somebody left."""

    marks: list[ShownMark]
    count: int
    dismissals: list[WordingDismissal]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.marks)


@dataclass(frozen=True)
class SectionFindings:
    """A section and what is marked in it."""

    section: PostmortemSection
    findings: Findings


@dataclass(frozen=True)
class Guide:
    """What the guide knows beside its own rules: names, and the rules of the team."""

    people: list[str]
    rules: list[TeamRule]

    def find(self, text: str, dismissals: Iterable[WordingDismissal]) -> Findings:
        """What is marked in the text, with these dismissals."""
        left = {(dismissal.rule, dismissal.phrase): dismissal for dismissal in dismissals}
        marks = [(mark, to_phrase(text, mark)) for mark in check(text, self.people, self.rules)]
        open_marks = [(mark, phrase) for mark, phrase in marks if (mark.rule, phrase) not in left]
        met = {
            left[mark.rule, phrase].pk: left[mark.rule, phrase] for mark, phrase in marks if (mark.rule, phrase) in left
        }
        shown = [_show(text, mark, phrase) for mark, phrase in open_marks[:SHOWN]]
        return Findings(shown, len(open_marks), list(met.values()))


def to_advice(said: Mark | Rule) -> Advice:
    """In the reader's language where somebody translated it, else in that of the rule; a team's words as they are."""
    category = str(CATEGORIES[said.category])
    own = Advice(category, said.why, said.rewrite, said.language)
    if said.category == TEAM:
        return own
    why, rewrite = _(said.why), _(said.rewrite)
    is_same = (why, rewrite) == (said.why, said.rewrite)
    return own if is_same else Advice(category, why, rewrite, get_language() or said.language)


def to_phrase(text: str, mark: Mark) -> str:
    """The marked phrase as dismissals hold it: in one line."""
    return " ".join(text[mark.start : mark.end].split())[:300]


def read_guide() -> Guide:
    """What the guide knows at this moment, in two queries."""
    people = [name for names in User.objects.values_list("username", "name") for name in names if name]
    return Guide(people, [to_team_rule(rule) for rule in list_rules()])


def to_team_rule(rule: WordingRule) -> TeamRule:
    """The team's rule as the checker reads it."""
    return TeamRule(f"team-{rule.pk}", rule.language, rule.phrase, rule.why, rule.rewrite)


def list_rules() -> QuerySet[WordingRule]:
    """The team's rules in the order of their phrases."""
    return WordingRule.objects.order_by("language", "phrase")


def find_removed_rule(user: User, typed: str) -> WordingRule | None:
    """The rule with this key, if it was removed and this person may bring it back."""
    if not user.is_writer or not typed.isdecimal() or len(typed) > 18:  # no database has such keys
        return None
    return WordingRule.with_removed.filter(pk=typed).exclude(removed_at=None).first()


def list_known_rules() -> list[tuple[Rule, Advice]]:
    """The rules that Debrief brings, each with what it says."""
    return [(rule, to_advice(rule)) for rule in load_rules().rules.values()]


def is_rule(name: str) -> bool:
    """True for a rule that there is."""
    return name in load_rules().rules or name in {
        f"team-{pk}" for pk in WordingRule.objects.values_list("pk", flat=True)
    }


def find_marks(section: PostmortemSection, text: str) -> Findings:
    """What is marked in this text of the section, in three queries."""
    return read_guide().find(text, section.wording_dismissals.select_related("dismissed_by"))


def find_document_marks(postmortem: Postmortem) -> list[SectionFindings]:
    """The sections in which anything is marked, in their order, in four queries."""
    guide = read_guide()
    sections = postmortem.sections.prefetch_related("wording_dismissals__dismissed_by")
    found = [
        SectionFindings(section, guide.find(section.body, section.wording_dismissals.all())) for section in sections
    ]
    return [each for each in found if each.findings.count or each.findings.dismissals]


def _show(text: str, mark: Mark, phrase: str) -> ShownMark:
    before, behind = sentence_around(text, mark.start, mark.end)
    return ShownMark(mark, phrase, before, behind, _units(text, mark.start), _units(text, mark.end))


def _units(text: str, place: int) -> int:
    return place if text.isascii() else len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
