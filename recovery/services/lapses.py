"""Whether each database has been proven restorable as often as it is to be: silence is a failure, too."""

from datetime import datetime

from django.db.models import Max, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recovery.models import Alarm, Database, RestoreTest
from recovery.queries.readiness import is_lapsed
from recovery.services.alarms import close_alarm, database_subject, list_open_subjects, open_alarm


def check_lapses(*, now: datetime) -> None:
    """Exactly the databases whose last proof is older than their objective have an alarm that says so.

    Only a passed test of the latest state proves anything, wherever it was run; without any, the registration counts.
    """
    proof = Q(
        replicas__restore_tests__status=RestoreTest.Status.PASSED, replicas__restore_tests__target_at__isnull=True
    )
    proven = Max("replicas__restore_tests__finished_at", filter=proof)
    lapsed = list_open_subjects(Alarm.Kind.LAPSED)
    proofs = dict(Database.objects.annotate(proven_at=proven).values_list("pk", "proven_at"))
    for database in Database.objects.filter(is_demonstration=False):
        proven_at = proofs.get(database.pk)
        subject = database_subject(database)
        days = database.proof_objective_days
        if is_lapsed(proven_at, since=database.created_at, objective_days=days, now=now):
            if subject not in lapsed:
                _open(database, proven_at=proven_at, now=now)
        elif subject in lapsed:
            reason = _("The last proof is recent enough for the objective.")
            close_alarm(Alarm.Kind.LAPSED, subject=subject, reason=reason, now=now)


def _open(database: Database, *, proven_at: datetime | None, now: datetime) -> None:
    days = database.proof_objective_days or 0
    every = ngettext("every day", "every %(days)s days", days) % {"days": days}
    if proven_at:
        last = _("The last restore test that passed ended on %(day)s.") % {"day": f"{localtime(proven_at):%Y-%m-%d}"}
    else:
        last = _("No restore test of it has ever passed.")
    reason = _("It is to be proven restorable at least %(every)s. %(last)s") % {"every": every, "last": last}
    open_alarm(
        Alarm.Kind.LAPSED,
        database=database,
        replica=None,
        subject=database_subject(database),
        reason=reason,
        now=now,
    )
