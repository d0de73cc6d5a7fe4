"""A key of its own for each test that makes or changes keys."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def key_file(settings: Settings, tmp_path: Path) -> Path:
    """Where the installation's key is made on first use."""
    settings.DATA_DIR = tmp_path
    settings.EVIDENCE_KEY_FILE = tmp_path / "keys" / "evidence-key"
    settings.EVIDENCE_OLD_KEYS_DIR = tmp_path / "keys" / "evidence-old"
    return settings.EVIDENCE_KEY_FILE
