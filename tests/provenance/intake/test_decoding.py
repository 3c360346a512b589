"""Pictures that come in: every format, and what the one normalised picture looks like."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from provenance.intake.decoding import decode
from tests.provenance.intake.pictures import (
    encoded,
    opened,
    png_of_16_bits,
    scene,
    tiff_of_16_bits,
)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF"])
def test_each_format_is_told_by_its_bytes_and_decoded(kind):
    data = encoded(scene(), kind)
    decoded = decode(data)
    assert decoded.format == kind.lower()
    assert (decoded.width, decoded.height) == (96, 64)
    assert decoded.sha256 == hashlib.sha256(data).hexdigest()
    assert decoded.normalised_sha256 == hashlib.sha256(decoded.png).hexdigest()
    picture = opened(decoded.png)
    assert (picture.mode, picture.size) == ("RGB", (96, 64))
    difference = np.abs(np.asarray(picture, int) - np.asarray(scene(), int))
    assert difference.mean() < 12


def test_the_same_bytes_give_the_same_normalised_bytes():
    data = encoded(scene(), "JPEG")
    assert decode(data) == decode(data)


def test_a_large_picture_is_reduced_and_its_size_as_received_is_kept():
    decoded = decode(encoded(scene(3000, 300), "JPEG"))
    assert (decoded.width, decoded.height) == (3000, 300)
    assert opened(decoded.png).size == (2048, 205)
    assert max(opened(decoded.thumbnail).size) == 256


def test_a_small_picture_is_never_enlarged():
    assert opened(decode(encoded(scene(30, 20), "PNG")).png).size == (30, 20)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_and_not_clipped(kind):
    ramp = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)
    grey = np.asarray(opened(decode(encoded(Image.fromarray(ramp), kind)).png))[:, :, 0]
    assert np.abs(grey.astype(int) - (ramp >> 8)).max() <= 1


def test_16_bit_rgb_is_scaled_and_not_clipped():
    ramp = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)
    colour = np.stack([ramp, ramp[::-1], ramp.T], axis=-1)
    for write in (png_of_16_bits, tiff_of_16_bits):
        pixels = np.asarray(opened(decode(write(colour)).png), int)
        assert np.abs(pixels - (colour >> 8)).max() <= 1, write


def test_float_pixels_from_black_to_white_are_scaled():
    ramp = Image.fromarray(np.linspace(0, 1, 4096, dtype=np.float32).reshape(64, 64))
    grey = np.asarray(opened(decode(encoded(ramp, "TIFF")).png))
    assert (grey.min(), grey.max()) == (0, 255)


def test_cmyk_jpeg_becomes_rgb():
    image = Image.new("CMYK", (32, 32), (0, 255, 255, 0))
    red, green, blue = opened(decode(encoded(image, "JPEG", quality=95)).png).getpixel((9, 9))
    assert red > 200
    assert green < 60
    assert blue < 60


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_orientation_6_is_turned_upright(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    decoded = decode(encoded(scene(), kind, exif=exif))
    assert (decoded.width, decoded.height) == (64, 96)
    upright = np.asarray(scene().transpose(Image.Transpose.ROTATE_270), int)
    assert np.abs(np.asarray(opened(decoded.png), int) - upright).mean() < 8


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_alpha_is_laid_on_white(kind):
    image = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    decoded = decode(encoded(image, kind))
    assert opened(decoded.png).getpixel((5, 5)) == (255, 255, 255)


def test_a_transparent_palette_gif_is_laid_on_white():
    image = Image.new("P", (32, 32), 0)
    image.putpalette([10, 20, 30])
    decoded = decode(encoded(image, "GIF", transparency=0))
    assert opened(decoded.png).getpixel((5, 5)) == (255, 255, 255)


def test_transparent_16_bit_grey_is_laid_on_white():
    image = Image.fromarray(np.zeros((8, 8), np.uint16))
    decoded = decode(encoded(image, "PNG", transparency=0))
    assert opened(decoded.png).getpixel((5, 5)) == (255, 255, 255)


def test_a_profile_with_other_primaries_is_converted_to_srgb():
    decoded = decode(
        encoded(Image.new("RGB", (32, 32), (0, 255, 0)), "PNG", icc_profile=_swapped())
    )
    assert opened(decoded.png).getpixel((5, 5))[2] > 200


def _swapped() -> bytes:
    """An sRGB profile whose green and blue primaries have changed places."""
    icc = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    green, blue = icc.index(b"gXYZ"), icc.index(b"bXYZ")
    icc[green : green + 4], icc[blue : blue + 4] = b"bXYZ", b"gXYZ"
    return bytes(icc)


@pytest.mark.parametrize("icc", [b"rubbish" * 100, b"\0" * 9_000_000], ids=["broken", "huge"])
def test_an_unusable_profile_counts_as_srgb(icc):
    decoded = decode(encoded(Image.new("RGB", (32, 32), "red"), "TIFF", icc_profile=icc))
    assert opened(decoded.png).getpixel((5, 5)) == (255, 0, 0)


def test_rubbish_in_exif_leaves_the_picture_as_it_is():
    decoded = decode(encoded(scene(), "PNG", exif=b"Exif\0\0II*\0" + b"\xff" * 64))
    assert (decoded.width, decoded.height) == (96, 64)
