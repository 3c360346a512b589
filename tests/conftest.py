"""One suite for SQLite and PostgreSQL: the database is named by the environment, never faked."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

_folder = tempfile.mkdtemp(prefix="imprimatur-tests-")
os.environ["IMPRIMATUR_DATA_DIR"] = _folder
os.environ["IMPRIMATUR_INSECURE_DEMO"] = "0"
os.environ["DATABASE_URL"] = os.environ.get(
    "IMPRIMATUR_TEST_DATABASE_URL", f"sqlite:///{Path(_folder) / 'test.sqlite3'}"
)


@pytest.fixture(autouse=True)
def _fast_passwords(settings: SettingsWrapper) -> None:
    """Hashing slowly is the product's business; tests make hundreds of users."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
