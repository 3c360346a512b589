from __future__ import annotations

import shutil

import pytest
from django.core.management import call_command

from registry.release.package import release_folder


def verify(folder, *more):
    with pytest.raises(SystemExit) as ended:
        call_command("verify_release", str(folder), *more)
    return ended.value.code


def test_the_own_release_is_verified_and_a_changed_byte_is_not(released, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(release_folder(released.commit), copy)
    assert verify(copy) == 0
    readme = copy / "README.md"
    readme.write_bytes(readme.read_bytes().replace(b"H", b"h", 1))
    assert verify(copy) == 1


def test_a_folder_without_a_release_cannot_be_checked(db, tmp_path):
    assert verify(tmp_path) == 2


def test_without_a_key_of_its_own_it_says_whose_key_it_saw(released, settings, tmp_path):
    folder = release_folder(released.commit)
    settings.KEYS_DIR = tmp_path / "no-keys"
    assert verify(folder) == 3


def test_another_installations_key_is_refused(released, settings, tmp_path):
    folder = release_folder(released.commit)
    settings.KEYS_DIR = tmp_path / "other"
    assert verify(folder, "--key", "0" * 64) == 1
