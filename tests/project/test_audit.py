"""Every change of every record is kept: no model, no field and no way of writing is forgotten."""

import ast
from collections.abc import Iterator

from auditlog.registry import auditlog
from django.apps import apps

from tests.project.sources import ROOT, name_of, python_files, text_of

# Not watched, and why
UNWATCHED = {
    "accounts.Change": "it is what is written down",
    "notifications.Notification": "a message, written once; what it tells of has a record of its own",
    "notifications.Delivery": "the log of a message",
    "incidents.Tag": "a word, named by the changes of incidents; alone it could tell of one that is restricted",
    "incidents.RenderedDocument": "made from records that are watched",
    "incidents.Export": "made from records that are watched",
    "incidents.SectionVersion": "is itself the history of a section",
    "incidents.SectionPresence": "who has a section open at this moment",
    "recovery.Alarm": "follows from measurements, and is its own log",
    "recovery.Measurement": "a measurement",
    "recovery.DiskUsage": "a measurement",
    "recovery.SkippedRun": "a log, written once",
    "recovery.RestoreTest": "a measurement that says who asked for it; its signed record says whether it was altered",
    "recovery.TestRecord": "signed, and written once",
}
# Other people's apps: how they work, not what anybody decided
UNWATCHED_APPS = {"account", "auth", "contenttypes", "sessions", "django_celery_beat", "auditlog"}
# What people decide of them all the same
WATCHED_ELSEWHERE = {"django_celery_beat.PeriodicTask": "when restore tests come round"}
# Fields that many records stand in, which nobody uses
UNUSED_MANY = {"accounts.User.groups", "accounts.User.user_permissions"}
# Kept although their names sound as if they held a secret
NO_SECRETS = {
    "accounts.User.password": "masked",
    "incidents.Attachment.sha256": "names a file that the incident shows",
    "incidents.Publication.external_sha256": "of a document that everyone who sees the incident reads",
    "incidents.Publication.sha256": "of a document that everyone who sees the incident reads",
    "incidents.Review.content_sha256": "of a document that everyone who sees the incident reads",
    "notifications.Channel.secret": "names where the secret is read from",
    "recovery.Database.secrets": "names where each secret is read from",
    "recovery.Replica.secrets": "names where each secret is read from",
    "recovery.Evidence.file_sha256": "names a file that the incident shows",
}
# Writes past the watch, by module and function, and why that is right
UNSEEN_WRITES = {
    "accounts/services/tokens.py recognise_token": "when a token was used last, once a minute",
    "incidents/services/attachments.py sweep_attachments": "that a version shows the file, once that was looked up",
    "incidents/services/section_order.py move": "room for a section that somebody moved, whose own move is seen",
    "incidents/services/tags.py _replace": "a counter",
    "incidents/services/timeline.py next_revision": "a counter",
    "incidents/services/exports.py make_export": "the queue of exports",
    "incidents/services/exports.py sweep_exports": "the queue of exports",
    "incidents/services/exports.py _is_still_ours": "how far an export is",
    "incidents/services/exports.py _end": "how an export ended",
    "incidents/services/imports.py import_own": "which file an incident came from, at the moment it is made",
    "incidents/services/own_import.py _stamp": "when it was changed where it came from",
    "incidents/services/rendering.py render_document": "the queue of documents",
    "incidents/services/rendering.py sweep_documents": "the queue of documents",
    "notifications/services/channels.py _give_up": "the queue of messages",
    "notifications/services/delivery.py _end_attempt": "the queue of messages",
    "notifications/services/delivery.py deliver_notification": "the queue of messages",
    "notifications/services/delivery.py sweep_deliveries": "the queue of messages",
    "recovery/services/claims.py claim": "how far a restore test is",
    "recovery/services/demonstration/history.py _load_database": "invented measurements",
    "recovery/services/demonstration/history.py _make_alarms": "invented measurements",
    "recovery/services/demonstration/history.py _make_surroundings": "invented checks and measurements",
    "recovery/services/demonstration/history.py _show_last": "invented measurements",
    "recovery/services/demonstration/history.py load_demonstration": "invented measurements",
    "recovery/services/disks.py watch_disks": "a measurement",
    "recovery/services/restore_runs.py _write_result": "what a restore test measured",
    "recovery/services/restore_runs.py tick": "how far a restore test is",
    "recovery/services/restore_tests.py _end_abandoned": "how a restore test ended",
    "recovery/services/watch.py _write_down": "measurements",
}
APPS = ("accounts", "config", "incidents", "notifications", "recovery")
PAST_THE_WATCH = {"bulk_create", "bulk_update", "abulk_create", "aupdate", "_raw_delete"}


def labels() -> dict[str, type]:
    return {model._meta.label: model for model in apps.get_models()}


def test_every_model_is_watched_or_it_is_said_why_not() -> None:
    others = {label for label, model in labels().items() if model._meta.app_label not in UNWATCHED_APPS}
    watched = {model._meta.label for model in auditlog.get_models()}
    assert others - watched == set(UNWATCHED)
    assert watched - others == set(WATCHED_ELSEWHERE)


def test_every_field_of_many_records_is_watched() -> None:
    forgotten = {
        f"{model._meta.label}.{field.name}"
        for model in auditlog.get_models()
        for field in model._meta.many_to_many
        if field.name not in auditlog._registry[model]["m2m_fields"]
    }
    assert forgotten == UNUSED_MANY


def test_no_secret_is_kept() -> None:
    suspicious = {
        f"{model._meta.label}.{name}"
        for model in auditlog.get_models()
        for name in auditlog.get_model_fields(model)["include_fields"]
        if any(word in name for word in ("password", "secret", "sha256", "token", "digest"))
    }
    assert suspicious == set(NO_SECRETS)
    masked = {f"{model._meta.label}.{name}" for model in auditlog.get_models() for name in
              auditlog.get_model_fields(model)["mask_fields"]}  # fmt: skip
    assert masked == {name for name, reason in NO_SECRETS.items() if reason == "masked"}


def test_watched_kinds_have_addresses_of_their_own() -> None:
    from accounts.audit import watched_kinds

    assert len(watched_kinds()) == len(auditlog.get_models())


def test_nothing_is_written_past_the_watch_but_what_is_named_here() -> None:
    """Whatever people decide is saved record by record: with `save()` or `create()`, never `.update()`."""
    assert sorted({*writes()} - {*UNSEEN_WRITES}) == []
    assert sorted({*UNSEEN_WRITES} - {*writes()}) == []


def test_a_write_past_the_watch_would_be_found() -> None:
    lines = [
        "def f():",
        "a.filter(x=1).update(y=2)",
        "digest.update(b'')",
        "A.objects.bulk_create([])",
        "b.tags.clear()",
    ]
    source = "\n    ".join(lines)
    assert [*_found(ast.parse(source))] == ["f", "f", "f"]


def writes() -> Iterator[str]:
    for path in python_files():
        name = name_of(path)
        if name.partition("/")[0] in APPS and "/migrations/" not in name:
            yield from (f"{name} {function}" for function in _found(ast.parse(text_of(path))))


def _found(tree: ast.Module) -> Iterator[str]:
    """The functions that write so, once for each time."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            yield from (function.name for call in ast.walk(function) if isinstance(call, ast.Call) and _is_unseen(call))


def _is_unseen(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    # Of dictionaries and digests, `update` takes what it is given without a name.
    if call.func.attr == "update":
        return bool(call.keywords) and not call.args
    is_cleared = call.func.attr == "clear" and isinstance(call.func.value, ast.Attribute)
    return is_cleared or call.func.attr in PAST_THE_WATCH


def test_the_project_is_read() -> None:
    assert (ROOT / "incidents" / "services" / "timeline.py").exists()
    assert len({*writes()}) > 5
