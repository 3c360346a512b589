from __future__ import annotations

import pytest

from tests.journeys.cast import Cast


@pytest.fixture
def cast(db, settings, tmp_path_factory) -> Cast:
    settings.ROOT_URLCONF = "tests.provenance.addresses"
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    return Cast()
