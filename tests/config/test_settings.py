"""Settings fail loudly, and with none given everything is embedded and secret."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def read(tmp_path: Path, expression: str = "SECRET_KEY", **variables: str):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("IMPRIMATUR_")}
    clean.pop("DATABASE_URL", None)
    code = f"import config.settings as s; print(s.{expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=clean | {"IMPRIMATUR_DATA_DIR": str(tmp_path)} | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INSECURE_DEBUG", "perhaps"),
        ("INTAKE_MAX_BYTES", "lots"),
        ("DECODER_PROCESSES", "two"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(tmp_path, name, value):
    ran = read(tmp_path, **{f"IMPRIMATUR_{name}": value})
    assert ran.returncode != 0
    assert f"IMPRIMATUR_{name}" in ran.stderr


def test_a_secret_is_made_once_and_kept_private(tmp_path):
    first, again = read(tmp_path), read(tmp_path)
    assert len(first.stdout.strip()) > 40
    assert first.stdout == again.stdout
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_debug_and_demo_are_off_unless_asked_for(tmp_path):
    assert read(tmp_path, "DEBUG").stdout.strip() == "False"
    assert read(tmp_path, "INSECURE_DEMO").stdout.strip() == "False"


def test_an_empty_secret_file_is_said_so(tmp_path):
    (tmp_path / "secret_key").touch()
    assert "is empty" in read(tmp_path).stderr
