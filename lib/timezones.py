"""The timezones that people can choose from."""

import zoneinfo

# Neither is a place: the one is whatever the machine is set to, the other says that nothing was set.
_NO_PLACES = {"localtime", "Factory"}


def list_timezones() -> list[str]:
    """The names of all timezones that this machine knows, in order."""
    return sorted(zoneinfo.available_timezones() - _NO_PLACES)
