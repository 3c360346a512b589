"""One suite for SQLite and PostgreSQL: the database is named by the environment, never faked."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="imprimatur-tests-")
os.environ["IMPRIMATUR_DATA_DIR"] = _folder
os.environ["IMPRIMATUR_INSECURE_DEMO"] = "0"
os.environ["DATABASE_URL"] = os.environ.get(
    "IMPRIMATUR_TEST_DATABASE_URL", f"sqlite:///{Path(_folder) / 'test.sqlite3'}"
)
