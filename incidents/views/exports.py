"""Many post-mortems in one file."""

from functools import partial

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.request import Request
from incidents.access import get_own_export
from incidents.forms.export import ExportForm
from incidents.forms.filtering import FilterForm, address_query
from incidents.queries.exports import is_still_seen, list_exportable
from incidents.queries.incidents import list_all_numbers
from incidents.queries.services import list_severities
from incidents.services.exports import export_path, request_export
from lib.forms import carry_out
from lib.http import page_or_fragment


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Ask for the post-mortems of what the list shows, all of it; the address says which, as that of the list."""
    filtering = FilterForm(request.GET, severities=list_severities())
    wanted, sort = filtering.wanted(), filtering.sort_name
    numbers = list_exportable(request.user, list_all_numbers(request.user, wanted, sort))
    form = ExportForm(request.POST if request.method == "POST" else None)
    if export := carry_out(form, partial(request_export, numbers, actor=request.user)):
        return redirect("incidents:export", export.pk)
    context = {"form": form, "count": len(numbers), "query": address_query(wanted.parameters(), sort)}
    status = 422 if form.is_bound else 200
    return page_or_fragment(
        request, "incidents/export/edit.html", "incidents/export/_panel.html", context, status=status
    )


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    """How far the file is; the page asks again until it is ready."""
    export = get_own_export(request.user, pk)
    context = {
        "export": export,
        "total": len(export.numbers),
        "is_pending": export.status in (export.Status.QUEUED, export.Status.RUNNING),
        "is_there": export.status == export.Status.READY and export_path(pk).exists(),
        "is_seen": is_still_seen(export, request.user),
    }
    return page_or_fragment(request, "incidents/export/detail.html", "incidents/export/_progress.html", context)


@require_safe
def file(request: Request, pk: int) -> HttpResponse | FileResponse:
    """The ZIP file, while whoever asked for it sees all that is in it."""
    export = get_own_export(request.user, pk)
    path = export_path(pk)
    is_ready = export.status == export.Status.READY and path.exists()
    if not is_ready or not is_still_seen(export, request.user):
        return redirect("incidents:export", pk)
    name = f"{timezone.localdate(export.created_at):%Y-%m-%d}-post-mortems.zip"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
