"""Litestream: taking over its configuration, and writing one for a registered database."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check_administrator
from accounts.request import Request
from lib.forms import carry_out
from recovery.access import get_visible_database
from recovery.litestream_forms import LitestreamImportForm
from recovery.methods.litestream_config import without_secrets
from recovery.models import Database
from recovery.services.litestream_import import Import, import_litestream, preview_litestream
from recovery.services.replication_setup import choose, list_choices, setup_files


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Take over a configuration: first what would be registered is shown, then it is done."""
    check_administrator(request.user)
    is_confirmed = "confirm" in request.POST
    form = LitestreamImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    found = carry_out(form, import_litestream if is_confirmed else preview_litestream)
    if found is None:
        return render(request, "recovery/litestream/create.html", {"form": form}, status=422 if form.is_bound else 200)
    if is_confirmed and not found.has_problems:
        messages.success(request, _said(found))
        return redirect("recovery:database_list")
    # What was uploaded comes back to be confirmed, but for what may be secret in it.
    text = without_secrets(form.cleaned_data["text"])
    context = {"found": found, "text": text, "host": form.cleaned_data["host"], "is_confirmed": is_confirmed}
    return render(request, "recovery/litestream/preview.html", context)


def _said(found: Import) -> str:
    if not found.new_count:
        return _("Everything in the file was registered already.")
    return ngettext("%(count)s thing was registered.", "%(count)s things were registered.", found.new_count) % {
        "count": found.new_count
    }


@require_safe
def setup(request: Request, name: str) -> HttpResponse:
    """Ready files for replicating the database."""
    database = _get_sqlite(request, name)
    choices = list_choices(database)
    choice = choose(choices, request.GET.get("place", ""))
    context = {"database": database, "choices": choices, "choice": choice, "files": setup_files(database, choice)}
    return render(request, "recovery/litestream/setup.html", context)


@require_safe
def setup_file(request: Request, name: str, file: str) -> HttpResponse:
    """One of the ready files, to be saved."""
    database = _get_sqlite(request, name)
    files = setup_files(database, choose(list_choices(database), request.GET.get("place", "")))
    if file not in files:
        raise Http404
    response = HttpResponse(files[file], content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _get_sqlite(request: Request, name: str) -> Database:
    database = get_visible_database(request.user, name)
    if database.kind != Database.Kind.SQLITE:
        raise Http404
    return database
