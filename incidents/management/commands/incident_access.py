"""Lets a person see a restricted incident, where nobody who sees it is left."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.command_line import acting, add_actor
from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, TimelineEvent
from incidents.services.timeline import record
from incidents.services.visibility import grant_access
from lib.markdown_source import escape


class Command(BaseCommand):
    """Names one more person; the timeline of the incident says so."""

    help = (
        "Let a person see a restricted incident. For when everybody it names has left: no page lets an administrator "
        "in. The incident's timeline records it, with who did it: --as USERNAME has to be given."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("incident", help="the incident, such as INC-42")
        parser.add_argument("username", help="the user name of the person")
        add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["incident"].upper().removeprefix("INC-")
        incident = Incident.objects.filter(pk=number).first() if number.isascii() and number.isdigit() else None
        if incident is None:
            raise CommandError(f"There is no incident {options['incident']}.", returncode=2)
        person = User.objects.filter(username=options["username"], is_active=True).first()
        if person is None:
            raise CommandError(f"There is nobody with the user name {options['username']}.", returncode=2)
        with acting(options) as actor, transaction.atomic():
            if actor is None:
                raise CommandError("Say who lets them in, with --as USERNAME.", returncode=2)
            try:
                grant_access(incident, person=person, actor=actor)
            except IncidentError as error:
                raise CommandError(str(error), returncode=2) from error
            text = f"{escape(str(person))} was named from the command line and sees this incident from now on."
            record(incident, TimelineEvent.Kind.OTHER, text, actor=actor, at=timezone.now())
        self.stdout.write(f"{person} sees {incident.reference} from now on.")
