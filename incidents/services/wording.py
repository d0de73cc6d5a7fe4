"""The team's own rules of wording, and marks that are left as they are."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import PostmortemSection, WordingDismissal, WordingRule
from incidents.queries.wording import is_rule
from lib.edits import check_unchanged, values_of

NAMES = ("language", "phrase", "why", "rewrite")


def rule_values(rule: WordingRule) -> dict[str, Any]:
    """What a form over the rule is filled with."""
    return values_of(rule, NAMES)


@transaction.atomic
def add_rule(*, language: str, phrase: str, why: str, rewrite: str) -> WordingRule:
    """The rule, from now on part of every check."""
    _check_is_new(WordingRule(language=language, phrase=phrase))
    return WordingRule.objects.create(language=language, phrase=phrase, why=why, rewrite=rewrite)


@transaction.atomic
def change_rule(rule: WordingRule, *, seen: str | None = None, **facts: str) -> WordingRule:
    """The rule with these facts. Raises EditConflict when somebody changed it since it was `seen`."""
    rule = _lock_rule(rule)
    check_unchanged(rule_values(rule), seen)
    for name in NAMES:
        setattr(rule, name, facts[name])
    _check_is_new(rule)
    rule.save(update_fields=[*NAMES, "updated_at"])
    return rule


@transaction.atomic
def remove_rule(rule: WordingRule, *, now: datetime) -> WordingRule:
    """Nothing is marked by this rule any more. What was left of it is kept for the day that it is brought back."""
    rule = _lock_rule(rule)
    rule.removed_at = rule.removed_at or now
    rule.save(update_fields=["removed_at", "updated_at"])
    return rule


@transaction.atomic
def bring_back_rule(rule: WordingRule) -> WordingRule:
    """The rule as it was, with what was left of it. Refused where another has its phrase by now."""
    rule = _lock_rule(rule)
    _check_is_new(rule)
    rule.removed_at = None
    rule.save(update_fields=["removed_at", "updated_at"])
    return rule


@transaction.atomic
def dismiss_mark(section: PostmortemSection, *, rule: str, phrase: str, reason: str, actor: User) -> WordingDismissal:
    """This phrase is marked by this rule in this section no more; the newest reason stands."""
    if not is_rule(rule):
        raise IncidentError(_("The rule that marked this is gone, so there is nothing to leave. Reload the page."))
    dismissal, _is_new = WordingDismissal.objects.update_or_create(
        section=section, rule=rule, phrase=phrase, defaults={"reason": reason, "dismissed_by": actor}
    )
    return dismissal


def take_back_dismissal(dismissal: WordingDismissal) -> None:
    """The phrase is marked again wherever it stands in the section."""
    dismissal.delete()


def _lock_rule(rule: WordingRule) -> WordingRule:
    return WordingRule.with_removed.select_for_update().get(pk=rule.pk)


def _check_is_new(rule: WordingRule) -> None:
    others = WordingRule.objects.filter(language=rule.language, phrase__iexact=rule.phrase).exclude(pk=rule.pk)
    if others.exists():
        raise IncidentError(_("There is a rule for this phrase already. Change that one instead."), field="phrase")
