"""The offline check: what it accepts, and that no change whatever gets past it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.signing import public_hex, sign
from registry.release.rules import list_files, release_statement, revision_id, seal
from tools import verify_release
from tools.verify_release import CANNOT_CHECK, CHANGED, LIST, NOT_PINNED, SIGNATURE, VERIFIED

TOOL = Path(verify_release.__file__)


def check(folder, *pins):
    return verify_release.verify(folder, frozenset(pins))


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def resign(folder, body, key):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    (folder / LIST).write_bytes(data)
    (folder / SIGNATURE).write_text(sign(data, key).to_json())


def body_of(folder):
    return json.loads((folder / LIST).read_bytes())


def test_an_untouched_release_by_a_pinned_key_is_verified(release, pin):
    report = check(release, pin)
    assert report.code == VERIFIED
    assert report.model == "ada/lights"
    assert report.revision == revision_id((release / LIST).read_bytes())
    assert [line[:2] for line in report.lines[:7]] == [f"{n}." for n in range(1, 8)]


def test_without_a_pinned_key_the_fingerprint_is_shown_and_nothing_is_called_verified(release, pin):
    report = check(release)
    assert report.code == NOT_PINNED
    assert f"--key {pin}" in "\n".join(report.lines)
    assert "VERIFIED:" not in "\n".join(report.lines)


def test_one_changed_byte_at_any_place_of_any_small_file_is_refused(release, pin):
    for path in files_of(release):
        data = path.read_bytes()
        name = path.relative_to(release).as_posix()
        for place in range(0, len(data), max(1, len(data) // 40)):
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            for report in (check(release, pin), check(release)):
                assert report.code == CHANGED, (name, place, report.lines)
                assert name in report.changed
        path.write_bytes(data)
    assert check(release, pin).code == VERIFIED


@pytest.mark.parametrize("name", [LIST, SIGNATURE])
def test_no_byte_of_the_list_or_its_signature_can_change(release, pin, name):
    path = release / name
    data = path.read_bytes()
    for place, byte in enumerate(data):
        for other in (byte ^ 1, byte ^ 0x20, 0x20, 0x0A):
            if other == byte:
                continue
            path.write_bytes(data[:place] + bytes([other]) + data[place + 1 :])
            assert check(release).code == CHANGED, (place, other)


def test_each_missing_file_is_named(release, pin):
    for path in files_of(release):
        name = path.relative_to(release).as_posix()
        data = path.read_bytes()
        path.unlink()
        report = check(release, pin)
        if name == LIST:
            assert report.code == CANNOT_CHECK
        else:
            assert (report.code, report.missing) == (CHANGED, [name])
        path.write_bytes(data)


def test_a_renamed_file_is_both_missing_and_extra(release, pin):
    (release / "vae/config.json").rename(release / "vae/konfig.json")
    report = check(release, pin)
    assert report.code == CHANGED
    assert report.missing == ["vae/config.json"]
    assert list(report.extra) == ["vae/konfig.json"]


def test_an_added_file_is_named_wherever_it_hides(release, pin):
    for name in ("extra.py", "unet/.hidden", ".cache/other", ".git/hooks/x", "a/.gitattributes"):
        path = release / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        report = check(release, pin)
        assert (report.code, list(report.extra)) == (CHANGED, [name])
        path.unlink()


def test_what_the_download_client_leaves_is_ignored_with_a_note(release, pin):
    (release / ".cache/huggingface/download").mkdir(parents=True)
    (release / ".cache/huggingface/download/README.md.metadata").write_text("x")
    (release / ".gitattributes").write_text("x")
    report = check(release, pin)
    assert report.code == VERIFIED
    assert len(report.ignored) == 2
    assert any("left out" in line for line in report.lines)


def test_a_release_signed_again_by_another_key_is_refused_once_a_key_is_pinned(release, pin):
    other = Ed25519PrivateKey.generate()
    resign(release, (release / LIST).read_bytes(), other)
    report = check(release, pin)
    assert report.code == CHANGED
    assert not report.differs
    assert "is not the pinned key" in report.lines[-1]
    assert check(release).code == NOT_PINNED


def test_another_key_over_changed_weights_cannot_pass_for_the_pinned_one(release, pin, fields):
    (release / "unet/diffusion_pytorch_model.safetensors").write_bytes(b"evil")
    data = release_statement(fields, list_files(release))
    resign(release, data, Ed25519PrivateKey.generate())
    assert check(release, pin).code == CHANGED


def test_an_empty_list_is_never_verified(tmp_path, release, key, pin):
    body = body_of(release)
    body["files"] = {}
    resign(release, body, key)
    assert check(release, pin).code == CANNOT_CHECK
    bare = tmp_path / "bare/provenance"
    bare.mkdir(parents=True)
    resign(bare.parent, body, key)
    assert check(bare.parent, pin).code == CANNOT_CHECK


@pytest.mark.parametrize(
    "path",
    ["../out", "/etc/passwd", "a/../../b", "a//b", "./a", "a/", "", "C:/x", "a\\b", "a\0b",
     "a\nb", "\u202egnp.exe", "\ud800", LIST, SIGNATURE],
)  # fmt: skip
def test_a_listed_path_that_could_leave_the_folder_or_mislead_is_refused(release, key, pin, path):
    body = body_of(release)
    body["files"][path] = {"sha256": "0" * 64, "size": 0}
    resign(release, body, key)
    report = check(release, pin)
    assert report.code == CANNOT_CHECK
    assert all(line.isprintable() for line in report.lines)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b"\xff", b"{", b"[" * 200_000, b'{"version":1,"version":1}', b"NaN",
     b'{"kind":"release","version":1}', b'{"kind":"release","version":true}', b"1" * 10_000],
)  # fmt: skip
def test_a_malformed_list_cannot_be_checked_however_well_it_is_signed(release, key, pin, data):
    resign(release, data, key)
    assert check(release, pin).code == CANNOT_CHECK


@pytest.mark.parametrize(
    ("field", "value"),
    [("version", True), ("version", 2), ("kind", "x"), ("model", 3), ("manifest_sha256", "x"),
     ("base_sha256", None), ("files", []), ("files", {"a": {}}),
     ("files", {"a": {"sha256": "0" * 64, "size": True}}),
     ("files", {"a": {"sha256": "0" * 64, "size": -1}}),
     ("files", {n: {"sha256": "0" * 64, "size": 0} for n in ("a", "A")})],
)  # fmt: skip
def test_a_list_with_a_wrong_field_cannot_be_checked(release, key, pin, field, value):
    resign(release, body_of(release) | {field: value}, key)
    assert check(release, pin).code == CANNOT_CHECK


def test_duplicate_keys_in_the_list_are_refused(release, key, pin):
    data = (release / LIST).read_bytes()
    resign(release, data.replace(b'{"base', b'{"version":1,"base', 1), key)
    assert check(release, pin).code == CANNOT_CHECK


def test_a_huge_list_is_not_read(release, pin):
    with (release / LIST).open("wb") as file:
        file.truncate(verify_release.MAX_LIST_BYTES + 1)
    report = check(release, pin)
    assert report.code == CANNOT_CHECK
    assert "far too many" in " ".join(report.lines)


def test_links_are_named_and_never_followed(release, pin, tmp_path):
    listed = release / "README.md"
    target = tmp_path / "README.md"
    listed.rename(target)
    listed.symlink_to(target)
    report = check(release, pin)
    assert report.code == CHANGED
    assert "link" in report.extra["README.md"]
    assert report.missing == ["README.md"]


def test_a_linked_folder_is_named_and_never_entered(release, pin, tmp_path):
    (release / "vae").rename(tmp_path / "vae")
    (release / "vae").symlink_to(tmp_path / "vae")
    report = check(release, pin)
    assert (report.code, report.missing) == (CHANGED, ["vae/config.json"])
    assert "vae" in report.extra


@pytest.mark.parametrize("name", ["provenance", LIST])
def test_a_list_reached_through_a_link_is_not_read(release, pin, tmp_path, name):
    (release / name).rename(tmp_path / "elsewhere")
    (release / name).symlink_to(tmp_path / "elsewhere")
    assert check(release, pin).code == CANNOT_CHECK


def test_a_folder_in_the_place_of_a_file_is_missing(release, pin):
    (release / "README.md").unlink()
    (release / "README.md").mkdir()
    report = check(release, pin)
    assert (report.code, report.missing) == (CHANGED, ["README.md"])


def test_a_pipe_in_the_place_of_a_file_does_not_hang_the_check(release, pin):
    (release / "README.md").unlink()
    os.mkfifo(release / "README.md")
    assert check(release, pin).code == CHANGED


def test_a_name_that_is_not_utf8_is_shown_escaped(release, pin):
    Path(os.fsdecode(os.fsencode(release) + b"/\xff\x1b[31m")).write_bytes(b"")
    report = check(release, pin)
    assert report.code == CHANGED
    assert any("\\udcff\\x1b[31m" in line for line in report.lines)


def test_an_unreadable_file_cannot_be_checked(release, pin, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(verify_release, "_difference", refuse)
    report = check(release, pin)
    assert report.code == CANNOT_CHECK
    assert "README.md" in report.unreadable


def test_a_release_whose_manifest_is_not_the_one_named_is_refused(release, key, pin):
    resign(release, body_of(release) | {"manifest_sha256": "0" * 64}, key)
    report = check(release, pin)
    assert (report.code, list(report.changed)) == (CHANGED, ["provenance/manifest.json"])


def test_without_the_cryptography_library_it_says_what_to_install(release, pin, monkeypatch):
    monkeypatch.setattr(verify_release, "CRYPTOGRAPHY", False)
    report = check(release, pin)
    assert report.code == CANNOT_CHECK
    assert "pip install cryptography" in " ".join(report.lines)


def test_the_key_may_be_a_file_with_comments_or_a_fingerprint_in_any_case(tmp_path, pin):
    file = tmp_path / "keys"
    file.write_text(f"# ours\n{pin}  # the registry\n\n{'a' * 64}\n")
    assert verify_release.read_keys(str(file)) == {pin, "a" * 64}
    assert verify_release.read_keys(pin.upper()) == {pin}
    with pytest.raises(verify_release.CannotCheckError, match="64 hex digits"):
        verify_release.read_keys("no-such-file")
    file.write_text("# nobody\n")
    with pytest.raises(verify_release.CannotCheckError, match="none was given"):
        verify_release.read_keys(str(file))


def test_the_command_line_answers_with_the_documented_exit_status(release, pin, tmp_path, capsys):
    assert verify_release.main([str(release), "--key", pin]) == VERIFIED
    assert verify_release.main([str(release)]) == NOT_PINNED
    assert verify_release.main([str(tmp_path)]) == CANNOT_CHECK
    assert verify_release.main([str(tmp_path / "nowhere")]) == CANNOT_CHECK
    assert verify_release.main([str(release), "--key", "x"]) == CANNOT_CHECK
    (release / "README.md").write_text("changed")
    capsys.readouterr()
    assert verify_release.main([str(release), "--key", pin, "--json"]) == CHANGED
    report = json.loads(capsys.readouterr().out)
    assert report["result"] == "changed"
    assert list(report["changed"]) == ["README.md"]


def test_the_one_file_works_alone_outside_the_project(release, pin, tmp_path):
    alone = tmp_path / "check.py"
    alone.write_bytes(TOOL.read_bytes())
    command = [sys.executable, "-I", str(alone), str(release), "--key", pin]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == VERIFIED, done.stdout + done.stderr


def test_sealing_again_with_another_key_changes_the_signer_only(release, fields):
    other = Ed25519PrivateKey.generate()
    before = (release / LIST).read_bytes()
    seal(release, fields, other)
    assert (release / LIST).read_bytes() == before
    assert check(release, public_hex(other)).code == VERIFIED
