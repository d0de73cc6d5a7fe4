"""The only place that turns user input into records of this app. Everything here is for administrators."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import check_administrator
from accounts.models import User
from notifications.models import Channel, Delivery


def get_channel(user: User, pk: int) -> Channel:
    """The channel, for reading and changing."""
    check_administrator(user)
    return get_object_or_404(Channel, pk=pk)


def get_delivery(user: User, pk: int) -> Delivery:
    """The delivery, for trying it again."""
    check_administrator(user)
    return get_object_or_404(Delivery, pk=pk)


def get_kind(user: User, kind: str) -> Channel.Kind:
    """The kind of a channel to be added; 404 for a word that is none."""
    check_administrator(user)
    if kind not in Channel.Kind.values:
        raise Http404
    return Channel.Kind(kind)
