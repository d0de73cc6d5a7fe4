import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client


def test_a_refusal_is_one_line_in_the_log(as_viewer: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "django.request"):
        assert as_viewer.get("/audit/").status_code == 403
    [record] = [record for record in caplog.records if record.name == "django.request"]
    assert record.getMessage() == "Forbidden (Permission denied): /audit/"
    assert record.exc_info is None


@pytest.mark.parametrize(("error", "is_told"), [(PermissionDenied("No."), False), (ValueError("Broken"), True)])
def test_every_other_error_keeps_its_traceback(
    error: Exception, is_told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("django.request").error("Something", exc_info=error)
    assert bool(caplog.records[0].exc_info) == is_told
