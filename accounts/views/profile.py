"""What a person sets about themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import ProfileForm
from accounts.request import Request


@require_http_methods(["GET", "POST"])
def edit(request: Request) -> HttpResponse:
    """Name and timezone of the person signed in."""
    user = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "time_zone": user.time_zone})
    if form.is_valid():
        user.name, user.time_zone = form.cleaned_data["name"], form.cleaned_data["time_zone"]
        user.save(update_fields=["name", "time_zone"])
        messages.success(request, _("Saved."))
        return redirect("accounts:profile_edit")
    return render(request, "accounts/profile/edit.html", {"form": form}, status=422 if form.is_bound else 200)
