"""A data folder has one owner at a time, and none when that has ended."""

import os

import pytest
from django.core.management import CommandError

from web.management.commands.serve import data_folder_to_ourselves


def test_the_lock_names_its_owner_and_nobody_afterwards(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    lock = tmp_path / "serve.lock"
    with data_folder_to_ourselves():
        assert lock.read_text() == str(os.getpid())
        with (
            pytest.raises(CommandError, match=f"process {os.getpid()}"),
            data_folder_to_ourselves(),
        ):
            pass
    assert lock.read_text() == ""
