"""What every test begins with."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from tests.environment import FOLDER

# Time is measured in benchmarks, never asserted: a busy machine makes no test fail.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

PORTS = {"postgres": 5432, "rabbitmq": 5672}


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On another database only what uses one is run again (IMPRIMATUR_TEST_DATABASE_ONLY=1)."""
    if os.environ.get("IMPRIMATUR_TEST_DATABASE_ONLY") != "1":
        return
    config.hook.pytest_deselected(items=[one for one in items if not _uses_a_database(one)])
    items[:] = filter(_uses_a_database, items)


def _uses_a_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    asked = {"db", "transactional_db", "django_db_setup", "live_server"}.intersection(fixtures)
    return bool(asked) or item.get_closest_marker("django_db") is not None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A missing server skips the tests that need it, and fails them where servers are required."""
    for name, port in PORTS.items():
        if item.get_closest_marker(name) and not _listens(port):
            if os.environ.get("IMPRIMATUR_REQUIRE_SERVICES") == "1":
                pytest.fail(f"{name} does not listen on 127.0.0.1:{port}, and is required here")
            pytest.skip(f"needs {name} on 127.0.0.1:{port}")
    chromium = any(Path(p, "chromium").exists() for p in os.environ["PATH"].split(os.pathsep))
    if item.get_closest_marker("browser") and not chromium:
        if os.environ.get("IMPRIMATUR_REQUIRE_SERVICES") == "1":
            pytest.fail("Chromium is required here, and is not installed")
        pytest.skip("needs Chromium")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite's test database in a file, as in production: threads cannot share one in memory."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(Path(FOLDER) / "test.sqlite3")


@pytest.fixture(autouse=True)
def _fast_and_plain(settings: SettingsWrapper) -> None:
    """Hashing slowly and naming static files by digest are the product's business, not tests'."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
