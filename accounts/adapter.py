"""How django-allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User


class ClosedSignUpAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by themselves: an administrator adds people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        """Never."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002  # allauth's
        """Back to signing in, with the reason."""
        messages.error(request, _("You may not sign in at the moment. Ask an administrator to let you in again."))
        return redirect("account_login")
