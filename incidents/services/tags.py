"""The words that incidents are found again by."""

from collections.abc import Iterable

from incidents.models import Tag


def name_tags(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, in lower case, each once; those that are new are made."""
    wanted = dict.fromkeys(cleaned for name in names if (cleaned := " ".join(name.lower().split())))
    return [Tag.objects.get_or_create(name=name)[0] for name in wanted]
