"""Each refusal of a picture, with its code and what its sentence tells to do."""

from __future__ import annotations

import contextlib
import struct
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from provenance.intake.decoding import Limits, PictureRefusedError, decode
from tests.provenance.intake.pictures import chunk, encoded, scene


def refused(data: bytes, limits: Limits = Limits()) -> PictureRefusedError:  # noqa: B008
    with pytest.raises(PictureRefusedError) as caught:
        decode(data, limits)
    return caught.value


def animation(kind: str) -> bytes:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "green", "blue")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


@pytest.mark.parametrize(
    "data", [b"", b"These are words, named picture.jpg", b"<svg/>", b"\0" * 99]
)
def test_what_is_not_a_picture_is_refused_whatever_its_name(data):
    refusal = refused(data)
    assert refusal.code == "not_a_picture"
    assert "Save it as JPEG" in refusal.sentence


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_is_refused_with_the_offer_to_split_it(kind):
    refusal = refused(animation(kind))
    assert refusal.code == "animated"
    assert "contains 3 frames; split it into single pictures" in refusal.sentence


def test_a_tiff_of_several_pages_is_refused_with_the_offer_to_split_it():
    refusal = refused(animation("TIFF"))
    assert refusal.code == "multi_page"
    assert "contains 3 pages; split it into single pictures" in refusal.sentence


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF"])
def test_half_a_picture_is_damaged(kind):
    data = encoded(scene(256, 256), kind)
    refusal = refused(data[: len(data) // 2])
    assert refusal.code == "damaged"
    assert "upload that" in refusal.sentence


def test_a_file_above_the_limit_of_bytes_is_refused():
    refusal = refused(encoded(scene(), "PNG"), Limits(max_bytes=100))
    assert refusal.code == "too_large"
    assert "Upload a smaller version" in refusal.sentence


def test_a_header_claiming_100_megapixels_is_refused_before_its_pixels_are_decoded():
    header = struct.pack(">II5B", 10_000, 10_000, 8, 2, 0, 0, 0)
    refusal = refused(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"not zlib"))
    assert refusal.code == "too_many_pixels"
    assert "10,000 x 10,000 pixels; at most 80 megapixels" in refusal.sentence


def test_pixel_values_without_a_known_white_are_refused():
    image = Image.fromarray(np.full((8, 8), -3, np.float32))
    assert refused(encoded(image, "TIFF")).code == "unsupported"


def test_a_picture_that_takes_too_long_is_refused_and_the_next_is_decoded():
    data = encoded(scene(4000, 4000), "PNG", compress_level=1)
    assert refused(data, Limits(seconds=0.01)).code == "too_slow"
    assert decode(encoded(scene(), "PNG")).width == 96


SEEDS = [encoded(scene(40, 30), kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF")]


@settings(max_examples=120, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    edits=st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=1, max_size=8)), max_size=6),
    cut=st.integers(0, 4000),
)
def test_hostile_bytes_raise_nothing_but_a_refusal(seed, edits, cut):
    data = BytesIO(seed)
    for at, body in edits:
        data.seek(at % len(seed))
        data.write(body)
    with contextlib.suppress(PictureRefusedError):
        decoded = decode(data.getvalue()[: cut or None])
        assert len(decoded.fingerprint.pdq_dihedral) == 8
