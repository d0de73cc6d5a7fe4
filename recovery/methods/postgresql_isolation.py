"""PostgreSQL refuses to run as root, and rightly: a worker that is root starts it as somebody without any right."""

import os

from django.utils.translation import gettext as _

from recovery.errors import RestoreInconclusive
from recovery.methods.process import Bounds, run

_SOMEBODY = "1000"
_UNSHARE = "/usr/bin/unshare"


def isolate(bounds: Bounds) -> list[str]:
    """The command that the server is started with: it replaces itself by it.

    In a user namespace root is somebody else, whose files outside stay root's; the shared memory of a server that was
    killed ends with its namespace. Others go without one where the kernel forbids it; root cannot, and is told so.
    """
    is_root = os.geteuid() == 0
    mapping = [f"--map-user={_SOMEBODY}", f"--map-group={_SOMEBODY}"] if is_root else ["--map-current-user"]
    wrapper = [_UNSHARE, "--user", *mapping, "--ipc"]
    try:
        reason = run([*wrapper, "/bin/true"], bounds)
    except RestoreInconclusive:
        # There is no such command.
        reason = None
    if reason is not None and not reason.exit_code:
        # Set again: the kernel may drop the death signal of a process that changes its namespace.
        return [*wrapper, "/usr/bin/setpriv", "--pdeathsig", "KILL"]
    if is_root:
        raise RestoreInconclusive(
            _(
                "PostgreSQL does not run as root, and user namespaces are forbidden here. Run Debrief's workers as an "
                "unprivileged user."
            ),
            log_tail=reason.log_tail if reason else "",
        )
    return []
