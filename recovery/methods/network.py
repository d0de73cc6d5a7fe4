"""Whether a server may be asked, and whether anything answers there."""

import ipaddress
import socket
from contextlib import closing

from django.utils.translation import gettext

from recovery.errors import RestoreInconclusive
from recovery.methods.deadline import Deadline

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_CONNECT_SECONDS = 5.0
# Where clouds hand out credentials to whoever asks from inside, beside the link-local addresses.
_METADATA = {ipaddress.ip_address("100.100.100.200"), ipaddress.ip_address("fd00:ec2::254")}


def check_server(host: str, port: int, deadline: Deadline, *, is_private_allowed: bool) -> None:
    """Return if something answers at `host` and `port` and may be asked. Raises RestoreInconclusive within seconds.

    Link-local and metadata addresses are never asked; private ones (a LAN, this machine) where that is allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise RestoreInconclusive(
            gettext("The name {host} leads to no address. Check it, and that this machine can look names up.").format(
                host=host
            )
        ) from None
    for *_, address in found:
        check_address(
            host, ipaddress.ip_address(str(address[0]).partition("%")[0]), is_private_allowed=is_private_allowed
        )
    deadline.check()
    _connect(host, port, min(_CONNECT_SECONDS, deadline.remaining))


def check_address(host: str, address: Address, *, is_private_allowed: bool) -> None:
    """Return for an address that may be asked. Raises RestoreInconclusive."""
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_link_local or address.is_unspecified or address.is_multicast or address in _METADATA:
        raise RestoreInconclusive(
            gettext("{host} leads to {address}, which is not a place for backups. Correct the address.").format(
                host=host, address=address
            )
        )
    if not is_private_allowed and not address.is_global:
        raise RestoreInconclusive(
            gettext(
                "{host} leads to the private address {address}, and such are closed to backups here. Allow them by "
                "DEBRIEF_RECOVERY_PRIVATE_ENDPOINTS."
            ).format(host=host, address=address)
        )


def _connect(host: str, port: int, seconds: float) -> None:
    try:
        with closing(socket.create_connection((host, port), timeout=seconds)):
            return
    except TimeoutError:
        reason = gettext("no answer in {seconds:.0f} seconds").format(seconds=seconds)
    except OSError as error:
        reason = error.strerror or str(error)
    raise RestoreInconclusive(
        gettext("Nothing answers at {host}:{port} ({reason}). Check the address, and that the server is up.").format(
            host=host, port=port, reason=reason
        )
    )
