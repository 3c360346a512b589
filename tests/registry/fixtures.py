"""Fixtures that the registry's tests and the contract tests share."""

from __future__ import annotations

import pytest

from provenance.consent import policy
from tests.registry import records


@pytest.fixture(autouse=True)
def places(settings, tmp_path, monkeypatch):
    """Each test has its own keys, runs, releases and files."""
    settings.KEYS_DIR = tmp_path / "keys"
    settings.TRUSTED_KEYS = tmp_path / "keys" / "trusted_keys"
    settings.RUNS_DIR = tmp_path / "runs"
    settings.RELEASES_DIR = tmp_path / "releases"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    settings.TRAINER_THREADS = 1
    monkeypatch.setitem(policy.SHIPPED, "silent_licence", "clear")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    (tmp_path / "static").mkdir()
    settings.STATIC_ROOT = tmp_path / "static"
    files = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": files}}


@pytest.fixture
def owner(db):
    return records.user("quayside")


@pytest.fixture
def reviewer(db):
    return records.user("reviewer", is_reviewer=True)


@pytest.fixture
def operator(db):
    return records.user("operator", is_operator=True)


@pytest.fixture
def stranger(db):
    return records.user("stranger")


@pytest.fixture
def downloader(db):
    return records.user("downloader")


@pytest.fixture
def studio(db):
    return records.user("lanternstudio")


@pytest.fixture
def base(db, tmp_path):
    return records.make_base(tmp_path / "tiny-base")


@pytest.fixture
def open_run(owner, reviewer, base):
    """A trained run on CC BY works, open to everybody."""
    image_set, party = records.make_set(owner, "open harbours", range(1, 5))
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base)
    records.finish(run)
    return run


@pytest.fixture
def grant_and_run(owner, reviewer, studio, base):
    """A trained run that rests on the studio's grant, gated."""
    image_set, party = records.make_set(owner, "granted harbours", range(11, 15))
    grant = records.grant_set(party, studio, credit_line="By courtesy of Lantern House")
    run = records.approved_run(
        owner, reviewer, image_set, base, model_name="evening-quays", gated=True
    )
    records.finish(run)
    return grant, run


@pytest.fixture
def released(owner, open_run):
    return records.release(owner, open_run)


@pytest.fixture
def gated(owner, grant_and_run):
    return records.release(owner, grant_and_run[1])
