"""Adding people, giving them roles, letting them in."""

from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.errors import AccountError
from accounts.models import Role, Team, User
from accounts.queries import has_administrator_with_password
from accounts.services.membership import lock_teams, set_teams

FIRST_ADMINISTRATOR = "admin"


@transaction.atomic
def add_person(*, username: str, name: str, email: str, role: str, teams: Iterable[Team] = ()) -> User:
    """A person without a password: they sign in once they have followed their password link."""
    lock_teams(teams)
    if User.objects.filter(username__iexact=username).exists():
        raise AccountError(_("There is already somebody with this user name; choose another."), field="username")
    if email and User.objects.filter(email__iexact=email).exists():
        raise AccountError(_("Somebody else has this e-mail address; check it, or leave it out."), field="email")
    person = User.objects.create_user(username=username, email=email, name=name, role=role)
    set_teams(person, teams)
    return person


@transaction.atomic
def change_person(
    person: User, *, name: str, email: str, role: str, is_active: bool, teams: Iterable[Team] | None = None
) -> User:
    """The person's facts, role, teams (None: as they are) and whether they may sign in.

    The last administrator stays one; and nobody joins a team in which they would see what is kept from them.
    """
    lock_teams(teams or ())
    # All of them are locked: two administrators who demote each other at once must not both succeed.
    administrators = list(User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True))
    person = User.objects.select_for_update().get(pk=person.pk)
    stays = role == Role.ADMINISTRATOR and is_active
    if administrators == [person] and not stays:
        raise AccountError(_("This is the last administrator. Make somebody else administrator first."), field="role")
    if email and User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise AccountError(_("Somebody else has this e-mail address; check it, or leave it out."), field="email")
    person.name, person.email, person.role, person.is_active = name, email, role, is_active
    person.save(update_fields=["name", "email", "role", "is_active"])
    if teams is not None:
        set_teams(person, teams)
    return person


def password_link_path(person: User) -> str:
    """The path of a link with which this person sets a password.

    It works once: a password set, or three days (PASSWORD_RESET_TIMEOUT), end it.
    """
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    uidb36, _sep, token = key.partition("-")
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})


def first_administrator() -> User:
    """The longest-standing administrator; made, without a password, where there is none."""
    known = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk").first()
    if known:
        return known
    username = get_adapter().generate_unique_username([FIRST_ADMINISTRATOR])
    return User.objects.create_user(username=username, role=Role.ADMINISTRATOR)


def first_administrator_link_path() -> str | None:
    """The one-time link of the first administrator, who is made if nobody is one; None once a password is set."""
    return None if has_administrator_with_password() else password_link_path(first_administrator())
