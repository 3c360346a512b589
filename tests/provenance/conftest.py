from __future__ import annotations

import pytest

from tests.journeys.cast import Cast
from tests.provenance import records
from tests.provenance.rights import rights

__all__ = ["rights"]  # a fixture for all tests here


@pytest.fixture(autouse=True)
def _addresses(settings, tmp_path_factory):
    settings.ROOT_URLCONF = "tests.provenance.addresses"
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def owner(db):
    return records.user("owner")


@pytest.fixture
def stranger(db):
    return records.user("stranger")


@pytest.fixture
def reviewer(db):
    return records.user("reviewer", is_reviewer=True)


@pytest.fixture
def operator(db):
    return records.user("operator", is_operator=True)


@pytest.fixture
def cast(db) -> Cast:
    return Cast()
