import pytest

from training.bases.rules import BaseRefusedError, folder_digest


def test_a_base_with_a_link_to_a_folder_has_no_digest(tmp_path):
    base, elsewhere = tmp_path / "base", tmp_path / "elsewhere"
    base.mkdir()
    elsewhere.mkdir()
    (base / "unet").symlink_to(elsewhere)
    with pytest.raises(BaseRefusedError, match="unet is a link"):
        folder_digest(base)


def test_a_link_to_a_file_counts_as_the_file(tmp_path):
    linked, plain = tmp_path / "linked", tmp_path / "plain"
    for folder in (linked, plain):
        folder.mkdir()
    (plain / "weights").write_bytes(b"1")
    (linked / "weights").symlink_to(plain / "weights")
    assert folder_digest(linked) == folder_digest(plain)
