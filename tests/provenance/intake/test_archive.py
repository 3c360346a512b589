from __future__ import annotations

import io
import zipfile

import pytest
from django.conf import settings

from accounts.actors import Actor
from accounts.errors import InvalidError
from provenance.intake import archive
from tests.provenance.records import a_set, picture


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def members(data: bytes, most: int = 1 << 20) -> dict[str, tuple[bytes, str]]:
    return {
        name: (content, problem.code if problem else "")
        for name, content, problem in archive.members_of(data, most)
    }


def test_folders_and_litter_are_passed_over():
    found = members(
        packed({"a/": b"", "a/1.png": b"1", "__MACOSX/a/._1.png": b"x", "a/.DS_Store": b"x"})
    )
    assert found == {"a/1.png": (b"1", "")}


@pytest.mark.parametrize("name", ["../1.png", "a/../../1.png", "/etc/1.png", "C:/1.png"])
def test_a_name_that_points_out_of_the_archive_is_refused(name):
    assert members(packed({name: b"1"}))[name] == (b"", "bad_path")


def test_a_bomb_is_refused_by_its_ratio_before_it_is_unpacked():
    found = members(packed({"bomb.png": bytes(64 << 20)}), 1 << 30)
    assert found["bomb.png"] == (b"", "suspicious_ratio")


def test_a_bomb_that_lies_about_its_size_is_cut_off_while_it_is_unpacked():
    data = bytearray(packed({"bomb.png": bytes(3 << 20)}))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    content, problem = members(bytes(data), 1 << 20)["bomb.png"]
    assert content == b"" or len(content) <= 100
    assert problem in {"damaged", "too_large"}


def test_a_member_above_the_limit_of_a_picture_is_refused_alone():
    found = members(packed({"big.png": b"ab" * 600, "1.png": b"1"}), 1000)
    assert found["big.png"] == (b"", "too_large")
    assert found["1.png"] == (b"1", "")


def test_all_members_together_have_a_limit(monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL", 15)
    found = members(packed({"1.png": b"1" * 10, "2.png": b"2" * 10}))
    assert found["1.png"][1] == ""
    assert found["2.png"] == (b"", "too_large")


def test_too_many_files_are_refused_together(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 2)
    with pytest.raises(InvalidError, match="3 files"):
        members(packed({f"{n}.png": b"1" for n in range(3)}))


def test_a_locked_member_is_refused():
    data = bytearray(packed({"1.png": b"1"}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert members(bytes(data))["1.png"] == (b"", "encrypted")


def test_a_damaged_member_is_told_apart_from_the_sound_ones():
    data = bytearray(packed({"1.png": b"first!", "2.png": b"second"}, zipfile.ZIP_STORED))
    at = data.index(b"first!")
    data[at : at + 6] = b"thirst"
    assert members(bytes(data)) == {"1.png": (b"", "damaged"), "2.png": (b"second", "")}


def test_a_file_that_only_begins_like_an_archive_is_refused():
    with pytest.raises(InvalidError, match="damaged"):
        members(b"PK\x03\x04 and nothing else")


@pytest.mark.django_db
def test_each_file_of_an_archive_is_accepted_or_refused_on_its_own(owner):
    image_set, _ = a_set(owner)
    data = packed(
        {"in/1.png": picture(1), "note.jpg": b"text", "nested.zip": packed({"2.png": b"2"})}
    )
    taken = archive.add_file(
        actor=Actor.of(owner),
        image_set=image_set,
        data=data,
        filename="all.zip",
        max_picture=settings.INTAKE_MAX_BYTES,
    )
    assert [(one.filename, one.code) for one in taken] == [
        ("in/1.png", ""),
        ("note.jpg", "not_a_picture"),
        ("nested.zip", "not_a_picture"),
    ]
    assert [item.filename for item in image_set.items.all()] == ["1.png"]


@pytest.mark.django_db
def test_an_archive_without_files_is_refused(owner):
    image_set, _ = a_set(owner)
    with pytest.raises(InvalidError, match="no file"):
        archive.add_file(
            actor=Actor.of(owner),
            image_set=image_set,
            data=packed({}),
            filename="all.zip",
            max_picture=settings.INTAKE_MAX_BYTES,
        )
