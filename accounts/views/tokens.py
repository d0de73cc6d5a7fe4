"""The tokens of the API, for administrators."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import check_administrator, check_may_oversee, get_token
from accounts.forms import TokenForm
from accounts.models import Scope
from accounts.queries import list_tokens
from accounts.request import Request
from accounts.services.tokens import create_token, revoke_token
from lib.forms import carry_out


@require_safe
def list(request: Request) -> HttpResponse:
    """Every token, with what it allows and when it was last used."""
    check_may_oversee(request.user)
    return render(request, "accounts/tokens/list.html", {"tokens": list_tokens(), "now": timezone.now()})


@never_cache
@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Make a token; the answer shows its text, this once."""
    check_administrator(request.user)
    form = TokenForm(request.POST or None)
    if made := carry_out(form, partial(create_token, actor=request.user, now=timezone.now())):
        token, text = made
        is_for_agents = Scope.REPORT_RESTORE_TESTS in token.scopes
        context = {"token": token, "text": text, "is_for_agents": is_for_agents, "base_url": settings.BASE_URL}
        return render(request, "accounts/tokens/created.html", context)
    return render(request, "accounts/tokens/create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def revocation(request: Request, pk: int) -> HttpResponse:
    """Refuse a token from now on."""
    token = revoke_token(get_token(request.user, pk), actor=request.user, now=timezone.now())
    messages.success(request, _("%(name)s is revoked. Whatever used it is refused from now on.") % {"name": token.name})
    return redirect("accounts:token_list")
