"""What is done at regular times, without being asked."""

from typing import Any

# Task: every so many seconds.
_EVERY = {
    "recovery.tasks.sweep_restore_tests": 30,
    "recovery.tasks.watch_replicas": 60,
    "recovery.tasks.check_lapses": 300,
    "recovery.tasks.keep_schedules": 60,
    "recovery.tasks.thin_history": 3600,
    "recovery.tasks.sweep_evidence_files": 3600,
    "incidents.tasks.sweep_documents": 30,
    "incidents.tasks.sweep_exports": 60,
    "incidents.tasks.sweep_attachments": 3600,
    "incidents.tasks.remind_of_postmortems": 3600,
    "notifications.tasks.sweep_deliveries": 30,
    "config.tasks.refresh_statistics": 86_400,
}


def make_schedule() -> dict[str, dict[str, Any]]:
    """The entries of Celery's beat. One that no worker took before the next is due is dropped, not done twice."""
    # django-celery-beat reads expire_seconds; what is called expires it drops.
    return {
        task.rpartition(".")[2].replace("_", "-"): {
            "task": task,
            "schedule": float(seconds),
            "options": {"expire_seconds": seconds * 9 // 10},
        }
        for task, seconds in _EVERY.items()
    }
