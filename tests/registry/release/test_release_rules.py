"""Nothing but plain data that says the truth about itself is sealed."""

from __future__ import annotations

import hashlib
import json
import struct

import pytest
import rfc8785

from registry.release import rules
from registry.release.headers import ReleaseRefusedError, read_header
from registry.release.rules import StatementFields

UNET = "unet/diffusion_pytorch_model.safetensors"


def write_tensors(path, header, data=b""):
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(encoded)) + encoded + data)


def tensor(start, stop, shape, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, stop]}


def test_the_statement_is_canonical_and_lists_every_file_but_itself(release):
    data = (release / rules.STATEMENT).read_bytes()
    body = json.loads(data)
    assert rfc8785.dumps(body) == data
    names = {p.relative_to(release).as_posix() for p in release.rglob("*") if p.is_file()}
    assert set(body["files"]) == names - {rules.STATEMENT, rules.SIGNATURE}
    readme = (release / "README.md").read_bytes()
    assert body["files"]["README.md"] == {
        "sha256": hashlib.sha256(readme).hexdigest(),
        "size": len(readme),
    }


def test_the_revision_is_forty_hex_digits_of_the_statement(release, fields, key):
    data = (release / rules.STATEMENT).read_bytes()
    revision = rules.seal(release, fields, key)
    assert revision == rules.revision_id(data) == hashlib.sha256(data).hexdigest()[:40]


def test_an_empty_release_is_never_signed(fields):
    with pytest.raises(ReleaseRefusedError, match="empty release"):
        rules.release_statement(fields, {})


@pytest.mark.parametrize(
    "name",
    ["a.bin", "a.ckpt", "a.pt", "a.pkl", "a.onnx", "a.pth", "a.npz", "a.h5", "a.py", "a.sh", "a",
     "a.SAFETENSORS.bin", "a.Json", "a.gguf", "a.msgpack"],
)  # fmt: skip
def test_a_file_in_a_format_that_can_run_code_is_refused(unsealed, name):
    (unsealed / name).write_bytes(b"")
    with pytest.raises(ReleaseRefusedError, match="may not be released"):
        rules.require_safe(unsealed)


@pytest.mark.parametrize("name", [".hidden.json", "vae/.x.json", "a\nb.json", "ä.json", "a:b.json"])
def test_a_name_that_not_every_system_can_store_is_refused(unsealed, name):
    (unsealed / name).write_bytes(b"{}")
    with pytest.raises(ReleaseRefusedError, match="not a name"):
        rules.require_safe(unsealed)


@pytest.mark.parametrize("name", ["link.json", "linked"])
def test_a_link_is_refused(unsealed, tmp_path, name):
    (unsealed / name).symlink_to(unsealed / "vae" if name == "linked" else tmp_path / "x")
    with pytest.raises(ReleaseRefusedError, match="is a link"):
        rules.require_safe(unsealed)
    with pytest.raises(ReleaseRefusedError, match="is a link"):
        rules.list_files(unsealed)


def test_an_executable_file_is_refused(unsealed):
    (unsealed / "README.md").chmod(0o755)
    with pytest.raises(ReleaseRefusedError, match="executable"):
        rules.require_safe(unsealed)


@pytest.mark.parametrize("name", rules.REQUIRED)
def test_a_release_that_lacks_a_part_is_refused(unsealed, name):
    (unsealed / name).unlink()
    with pytest.raises(ReleaseRefusedError, match="lacks"):
        rules.require_safe(unsealed)


def test_a_release_without_weights_is_refused(unsealed):
    (unsealed / UNET).unlink()
    with pytest.raises(ReleaseRefusedError, match="no weights"):
        rules.require_safe(unsealed)


def test_oversize_json_is_refused(unsealed, monkeypatch):
    monkeypatch.setattr(rules, "MAX_JSON_BYTES", 3)
    (unsealed / "vae/config.json").write_bytes(b"[1,2]")
    with pytest.raises(ReleaseRefusedError, match="larger than"):
        rules.require_safe(unsealed)


@pytest.mark.parametrize("data", [b"{", b"\xff", b'{"a":1,"a":2}', b"[" * 100_000])
def test_malformed_json_is_refused(unsealed, data):
    (unsealed / "vae/config.json").write_bytes(data)
    with pytest.raises(ReleaseRefusedError, match="malformed"):
        rules.require_safe(unsealed)


@pytest.mark.parametrize(
    ("header", "data"),
    [
        (b"[]", b""),
        (b"{", b""),
        ({}, b""),
        ({"__metadata__": {}}, b""),
        ({"__metadata__": {"a": 1}, "w": tensor(0, 8, [2])}, bytes(8)),
        ({"w": tensor(0, 8, [2])}, bytes(9)),
        ({"w": tensor(0, 8, [2])}, bytes(7)),
        ({"w": tensor(1, 9, [2])}, bytes(9)),
        ({"w": tensor(0, 8, [2]), "v": tensor(4, 12, [2])}, bytes(12)),
        ({"w": tensor(0, 8, [3])}, bytes(8)),
        ({"w": tensor(0, 8, [2], "PICKLE")}, bytes(8)),
        ({"w": tensor(0, 8, [-2])}, bytes(8)),
        ({"w": tensor(0, 8, [2.0])}, bytes(8)),
        ({"w": {"dtype": "F32"}}, bytes(8)),
        ({"w": []}, bytes(8)),
    ],
)
def test_a_safetensors_file_with_a_false_header_is_refused(unsealed, header, data):
    write_tensors(unsealed / UNET, header, data)
    with pytest.raises(ReleaseRefusedError, match="malformed"):
        rules.require_safe(unsealed)


@pytest.mark.parametrize("data", [b"", b"1234567", struct.pack("<Q", 2**63), b"\x80\x04pickle.."])
def test_a_file_that_only_claims_to_be_safetensors_is_refused(unsealed, data):
    (unsealed / UNET).write_bytes(data)
    with pytest.raises(ReleaseRefusedError, match="malformed"):
        rules.require_safe(unsealed)


def test_a_file_written_by_the_real_library_is_accepted(unsealed):
    numpy = pytest.importorskip("numpy")
    from safetensors.numpy import save_file

    tensors = {"a": numpy.ones((3, 4), "float16"), "b": numpy.ones((), "float32")}
    save_file(tensors, unsealed / UNET, metadata={"token": "sks"})
    rules.require_safe(unsealed)
    assert read_header(unsealed / UNET, UNET)["__metadata__"] == {"token": "sks"}


def test_weights_that_agree_with_the_records_pass(unsealed, fields):
    rules.require_metadata(
        rules.require_data_only(unsealed),
        manifest_sha256=fields.manifest_sha256,
        base_sha256=fields.base_sha256,
        token="sks",
    )


@pytest.mark.parametrize("field", ["manifest_sha256", "base_sha256", "token"])
def test_weights_that_say_something_else_than_the_records_are_refused(unsealed, fields, field):
    records = {
        "manifest_sha256": fields.manifest_sha256,
        "base_sha256": fields.base_sha256,
        "token": "sks",
    }
    headers = rules.require_data_only(unsealed)
    with pytest.raises(ReleaseRefusedError, match=f"weights say {field}"):
        rules.require_metadata(headers, **(records | {field: "0" * 64}))


def test_weights_without_any_metadata_are_refused(unsealed, fields):
    write_tensors(unsealed / UNET, {"w": tensor(0, 8, [2])}, bytes(8))
    headers = rules.require_data_only(unsealed)
    with pytest.raises(ReleaseRefusedError, match="weights say"):
        rules.require_metadata(
            headers, manifest_sha256=fields.manifest_sha256, base_sha256="b" * 64, token="sks"
        )


def test_a_manifest_other_than_the_approved_one_is_not_sealed(unsealed, fields, key):
    other = StatementFields(fields.model, "0" * 64, fields.base_sha256, fields.created)
    with pytest.raises(ReleaseRefusedError, match="not the approved manifest"):
        rules.seal(unsealed, other, key)
    assert not (unsealed / rules.STATEMENT).exists()
    assert not (unsealed / rules.SIGNATURE).exists()


def test_an_unsafe_folder_is_not_sealed(unsealed, fields, key):
    (unsealed / "model.ckpt").write_bytes(b"")
    with pytest.raises(ReleaseRefusedError):
        rules.seal(unsealed, fields, key)
    assert not (unsealed / rules.STATEMENT).exists()


def test_the_statement_and_signature_can_be_read_by_others(release):
    for name in (rules.STATEMENT, rules.SIGNATURE):
        assert (release / name).stat().st_mode & 0o777 == 0o644
