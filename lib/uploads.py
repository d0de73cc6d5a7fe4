"""Files as they arrive: never more of one on disk than may be kept."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class LimitedUploadHandler(FileUploadHandler):
    """Passes on what is sent until a file is larger than DEBRIEF_EVIDENCE_FILE_LIMIT, and drops the rest of it.

    What is left of it is larger than the limit, so that whoever checks the size refuses it with a sentence.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The block, or None where enough has arrived."""
        return raw_data if start <= settings.EVIDENCE_FILE_LIMIT else None

    def file_complete(self, file_size: int) -> None:
        """Nothing: another handler has the file."""
