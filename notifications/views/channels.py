"""Channels, for administrators."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check_may_oversee
from accounts.request import Request
from lib.errors import DomainError
from lib.forms import carry_out
from lib.http import is_fragment_wanted, saved
from lib.secret_warnings import warn_of_unreadable
from notifications.access import get_channel, get_kind
from notifications.forms import channel_form, new_channel_form
from notifications.models import Channel
from notifications.queries import get_card, list_cards, list_notifications
from notifications.services.channels import add_channel, change_channel, delete_channel, send_test

PAGE_SIZE = 25
CARD = "notifications/channel/_card.html"


@require_safe
def list(request: Request) -> HttpResponse:
    """Every channel with its last delivery, and the log."""
    check_may_oversee(request.user)
    page = Paginator(list_notifications(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"cards": list_cards(), "page": page, "kinds": Channel.Kind.choices}
    return render(request, "notifications/channel/list.html", context)


@sensitive_post_parameters("pasted_secret", "secret")
@require_http_methods(["GET", "POST"])
def create(request: Request, kind: str) -> HttpResponse:
    """Add a channel."""
    known = get_kind(request.user, kind)
    form = new_channel_form(known, request.POST or None)
    if channel := carry_out(form, partial(add_channel, kind=known, now=timezone.now())):
        messages.success(request, _("Added. Send a test to see whether it arrives."))
        _warn(request, channel)
        return redirect("notifications:channel_list")
    context = {"form": form, "kind": known}
    return render(request, "notifications/channel/create.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters("pasted_secret", "secret")
@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a channel, replace its secret, or switch it on or off."""
    channel = get_channel(request.user, pk)
    form = channel_form(channel, request.POST or None)
    if changed := carry_out(form, partial(change_channel, channel, now=timezone.now())):
        messages.success(request, _("Saved."))
        _warn(request, changed)
        return redirect("notifications:channel_list")
    context = {"form": form, "channel": channel}
    return render(request, "notifications/channel/edit.html", context, status=422 if form.is_bound else 200)


def _warn(request: Request, channel: Channel) -> None:
    if channel.secret:
        warn_of_unreadable(request, {channel.name: channel.secret})


@require_http_methods(["GET", "POST"])
def test(request: Request, pk: int) -> HttpResponse:
    """Send a test by POST; by GET its result, which htmx asks for until it is there."""
    channel = get_channel(request.user, pk)
    problem = ""
    if request.method == "POST":
        try:
            send_test(channel, actor=request.user, now=timezone.now())
        except DomainError as error:
            problem = str(error)
    card = get_card(channel)
    if request.method == "GET" and is_fragment_wanted(request) and card.is_trying:
        return HttpResponse(status=204)
    if not is_fragment_wanted(request) and request.method == "POST":
        messages.error(request, problem) if problem else messages.info(
            request, _("The test is on its way. Reload this page to see what became of it.")
        )
    return saved(request, CARD, {"card": card, "problem": problem}, otherwise="notifications:channel_list")


@require_http_methods(["GET", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    """Ask first; by POST the channel is gone."""
    channel = get_channel(request.user, pk)
    if request.method == "POST":
        delete_channel(channel)
        messages.success(request, _("Deleted. The log keeps what was said over it."))
        return redirect("notifications:channel_list")
    return render(request, "notifications/channel/delete.html", {"channel": channel})
