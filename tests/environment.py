"""Set before Django reads its settings (a pytest plugin, named in pyproject.toml).

One suite for SQLite and PostgreSQL: the database is named by the environment, never faked, and
nothing is written to the real data folder.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = tempfile.mkdtemp(prefix="imprimatur-tests-")
Path(FOLDER, "static").mkdir()  # WhiteNoise warns of a missing one
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

for name in [name for name in os.environ if name.startswith("IMPRIMATUR_")]:
    if not name.startswith(("IMPRIMATUR_TEST_", "IMPRIMATUR_REQUIRE_")):
        del os.environ[name]
os.environ["IMPRIMATUR_DATA_DIR"] = FOLDER
os.environ["DATABASE_URL"] = os.environ.get(
    "IMPRIMATUR_TEST_DATABASE_URL", f"sqlite:///{Path(FOLDER) / 'imprimatur.sqlite3'}"
)
