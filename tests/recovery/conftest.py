"""A real backup, registered: what services, commands and pages of this app work on."""

from tests.faults.conftest import backup, empty, replica, stuck, template  # noqa: F401  # fixtures are found by their name
