"""What is written to the log."""

import logging

from django.core.exceptions import PermissionDenied


class RefusalFilter(logging.Filter):
    """Where somebody was refused something, the line says what; by which code is no news to anybody."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True always: such records stay, without the traceback."""
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = None
        return True
