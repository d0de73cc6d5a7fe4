"""Files as they arrive: never more of them on disk than may be kept of one."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

_DROPPED = "debrief.dropped_files"


class LimitedUploadHandler(FileUploadHandler):
    """Passes on what is sent until a file is larger than DEBRIEF_EVIDENCE_FILE_LIMIT, and drops the rest of it.

    What is left of it is larger than the limit, so that whoever checks the size refuses it with a sentence. Of several
    files, those that would make all of them larger than the limit do not arrive at all: `dropped_files` names them.
    """

    arrived = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The block, or None where enough has arrived. Raises SkipFile where files before it took the room."""
        if self.arrived and self.arrived + start + len(raw_data) > settings.EVIDENCE_FILE_LIMIT:
            if self.request is not None:
                self.request.META.setdefault(_DROPPED, []).append(self.file_name)
            raise SkipFile
        return raw_data if start <= settings.EVIDENCE_FILE_LIMIT else None

    def file_complete(self, file_size: int) -> None:
        """Nothing: another handler has the file."""
        self.arrived += file_size


def dropped_files(request: HttpRequest) -> list[str]:
    """The names of the files that did not arrive, since those before them took the room."""
    names: list[str] = request.META.get(_DROPPED, [])
    return names
