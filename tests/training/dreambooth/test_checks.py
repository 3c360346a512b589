import shutil
from collections import namedtuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.training.dreambooth.conftest import write_signed
from training.dreambooth import checks
from training.dreambooth.progress import RefusedError


def refusal(run_folder, check=checks.check_run, **tuning):
    with pytest.raises(RefusedError) as caught:
        check(run_folder.job(**tuning))
    assert str(caught.value)
    return caught.value.code


def first_picture(run_folder, folder="images"):
    return next((run_folder.path / folder).glob("*.png"))


def test_an_approved_run_passes_with_its_pictures_in_manifest_order(run_folder):
    approved = checks.check_run(run_folder.job())
    assert len(approved.pictures) == 3
    assert len(approved.class_pictures) == 2
    assert approved.pictures[0].shape == (40, 48, 3)


def test_no_key_file_in_the_environment_is_a_refusal(run_folder, monkeypatch):
    monkeypatch.delenv("IMPRIMATUR_TRUSTED_KEYS")
    assert refusal(run_folder) == "keys_missing"


def test_an_empty_key_file_is_a_refusal(run_folder, tmp_path):
    (tmp_path / "trusted-keys").write_text("# nobody\n")
    assert refusal(run_folder) == "keys_missing"


def test_a_manifest_with_a_changed_prompt_is_refused(run_folder):
    path = run_folder.path / "manifest.json"
    path.write_bytes(
        path.read_bytes().replace(b"a zwx style lighthouse", b"a zwx style lighthous3")
    )
    assert refusal(run_folder) == "manifest_signature"


def test_a_manifest_signed_by_an_untrusted_key_is_refused(run_folder):
    data = run_folder.manifest.to_bytes()
    write_signed(run_folder.path, "manifest", data, Ed25519PrivateKey.generate())
    assert refusal(run_folder) == "manifest_signature"


def test_a_missing_signature_is_refused(run_folder):
    (run_folder.path / "manifest.sig.json").unlink()
    assert refusal(run_folder) == "manifest_missing"


def test_a_signed_file_that_is_no_manifest_is_refused(run_folder):
    write_signed(run_folder.path, "manifest", b"{}", run_folder.key)
    assert refusal(run_folder) == "manifest_malformed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sample_prompts": ("x" * 10_000,)}, "prompt_length"),
        ({"class_prompt": " "}, "prompt_length"),
        ({"instance_prompt": "an illustration"}, "token_missing"),
        ({"instance_prompt": "an illustration of zwxes"}, "token_missing"),
        ({"token": ""}, "token_missing"),
        ({"class_prompt": "a zwx illustration"}, "token_in_class"),
    ],
)
def test_prompts_that_cannot_be_trained_are_refused(run_folder, changes, code):
    run_folder.write_manifest(**changes)
    assert refusal(run_folder) == code


def test_a_class_prompt_may_hold_a_longer_word_that_begins_like_the_token(run_folder):
    run_folder.write_manifest(class_prompt="an illustration of zwxes")
    run_folder.write_class_manifest()
    assert len(checks.check_run(run_folder.job()).class_pictures) == 2


def test_another_base_is_refused(run_folder):
    run_folder.write_manifest(base_sha256="0" * 64)
    assert refusal(run_folder) == "base_changed"


def test_a_base_that_is_not_stable_diffusion_is_refused(run_folder, tmp_path):
    (run_folder.path / "base").unlink()
    (run_folder.path / "base").mkdir()
    assert refusal(run_folder) == "base_unfit"


def test_a_base_with_a_linked_folder_is_refused(run_folder, tiny_base, tmp_path):
    (run_folder.path / "base").unlink()
    copy = run_folder.path / "base"
    shutil.copytree(tiny_base, copy)
    shutil.move(copy / "unet", tmp_path / "unet")
    (copy / "unet").symlink_to(tmp_path / "unet")
    assert refusal(run_folder) == "base_linked"


def test_a_base_changed_after_the_check_is_noticed(run_folder, tiny_base):
    (run_folder.path / "base").unlink()
    shutil.copytree(tiny_base, run_folder.path / "base")
    approved = checks.check_run(run_folder.job())
    (approved.base / "unet" / "config.json").write_text("{}")
    with pytest.raises(RefusedError, match="changed while"):
        checks.require_same_base(approved)


def test_a_picture_with_one_byte_changed_is_refused(run_folder):
    path = first_picture(run_folder)
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(bytes(data))
    assert refusal(run_folder) == "picture_changed"


def test_a_missing_picture_is_refused(run_folder):
    first_picture(run_folder).unlink()
    assert refusal(run_folder) == "picture_missing"


def test_an_approved_file_that_is_no_png_is_refused(run_folder):
    data = b"not a picture"
    name = checks.digest(data)
    (run_folder.path / "images" / f"{name}.png").write_bytes(data)
    odd = checks.Manifest.from_bytes(run_folder.manifest.to_bytes()).images[0]
    run_folder.write_manifest(images=(type(odd)(name, name, "0", "x"),))
    assert refusal(run_folder) == "picture_unreadable"


def test_an_unapproved_picture_in_the_folder_is_ignored(run_folder):
    (run_folder.path / "images" / "stray.png").write_bytes(b"stray")
    assert len(checks.check_run(run_folder.job()).pictures) == 3


def test_a_changed_class_picture_is_refused(run_folder):
    first_picture(run_folder, "class_pictures").write_bytes(b"other")
    assert refusal(run_folder) == "picture_changed"


def test_an_unsigned_class_list_is_refused(run_folder):
    path = run_folder.path / "class_manifest.json"
    path.write_bytes(path.read_bytes() + b" ")
    assert refusal(run_folder) == "class_manifest_signature"


def test_class_pictures_made_for_another_manifest_are_refused(run_folder):
    run_folder.write_class_manifest(manifest_sha256="0" * 64)
    assert refusal(run_folder) == "class_manifest_other"


def test_an_empty_class_list_is_refused(run_folder):
    run_folder.write_class_manifest(pictures=())
    assert refusal(run_folder) == "class_manifest_empty"


def test_without_prior_preservation_no_class_list_is_needed(run_folder):
    (run_folder.path / "class_manifest.json").unlink()
    assert refusal(run_folder) == "class_manifest_missing"
    assert checks.check_run(run_folder.job(prior_weight=0)).class_pictures == ()


@pytest.mark.parametrize("check", [checks.check_run, checks.check_base])
def test_a_full_disk_is_refused(run_folder, monkeypatch, check):
    usage = namedtuple("usage", "total used free")(1, 1, 1)  # noqa: PYI024 - as shutil's own
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _path: usage)
    assert refusal(run_folder, check) == "disk_full"


def test_an_output_that_is_a_file_is_refused(run_folder):
    (run_folder.path / "output").write_text("in the way")
    assert refusal(run_folder) == "output_unwritable"


def test_class_pictures_need_the_signature_and_the_base_too(run_folder):
    run_folder.write_manifest(base_sha256="0" * 64)
    assert refusal(run_folder, checks.check_base) == "base_changed"
    (run_folder.path / "manifest.sig.json").unlink()
    assert refusal(run_folder, checks.check_base) == "manifest_missing"


def test_prompts_with_names_count_only_signed_and_for_this_manifest(run_folder):
    assert checks.check_run(run_folder.job()).names == ()
    run_folder.write_names()
    assert checks.check_run(run_folder.job()).names == (("p1", "a drawing by Bo Ferro"),)
    run_folder.write_names(manifest_sha256="0" * 64)
    assert refusal(run_folder) == "names_other"
    run_folder.write_names(key=Ed25519PrivateKey.generate())
    assert refusal(run_folder) == "names_signature"
    write_signed(run_folder.path, "names", b"[]", run_folder.key)
    assert refusal(run_folder) == "names_malformed"
