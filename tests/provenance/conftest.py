from __future__ import annotations

import pytest

from tests.provenance import records


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = "tests.provenance.addresses"
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
