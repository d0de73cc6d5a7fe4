"""The words that incidents are found again by.

Whoever renames, merges or removes one does so on the incidents that they see, and each of these keeps the change in its
history. On others it stays: neither the word nor that there are such incidents is told.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, Tag
from incidents.queries.tags import find_seen_tag


def name_tags(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, in lower case, each once; those that are new are made."""
    wanted = dict.fromkeys(cleaned for name in names if (cleaned := " ".join(name.lower().split())))
    return [Tag.objects.get_or_create(name=name)[0] for name in wanted]


@transaction.atomic
def rename_tag(tag: Tag, *, name: str, actor: User) -> Tag:
    """The tag of this name, on every incident that this person sees and that had the other."""
    if name == tag.name:
        return tag
    if find_seen_tag(actor, name):
        raise IncidentError(_("There is already a tag of this name. Merge this one into it instead."), field="name")
    renamed = name_tags([name])[0]
    _replace(tag, renamed, actor)
    return renamed


@transaction.atomic
def merge_tag(tag: Tag, *, into: Tag, actor: User) -> Tag:
    """The other tag, on every incident that this person sees and that had either."""
    if into.pk == tag.pk:
        raise IncidentError(_("This is the tag itself. Choose another one."), field="into")
    _replace(tag, into, actor)
    return into


@transaction.atomic
def remove_tag(tag: Tag, *, actor: User) -> int:
    """No incident that this person sees has the tag any more; how many had it."""
    return _replace(tag, None, actor)


def _replace(tag: Tag, other: Tag | None, actor: User) -> int:
    # In the order of their numbers, as everything that locks several incidents.
    seen = Incident.objects.visible_to(actor).filter(tags=tag).order_by("pk").select_for_update(of=("self",))
    numbers = [*seen.values_list("pk", flat=True)]
    if other:
        other.incidents.add(*numbers)
    tag.incidents.remove(*numbers)
    # Those who watch them see it; to be tidied up is no news of an incident, so none counts as updated.
    Incident.objects.filter(pk__in=numbers).update(revision=F("revision") + 1)
    return len(numbers)
