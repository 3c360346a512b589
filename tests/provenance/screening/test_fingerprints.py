from __future__ import annotations

import imagehash
import numpy as np
import pdqhash
import pytest
from PIL import Image

from provenance.screening.fingerprints import TRANSFORMS, VERSION, Fingerprint, fingerprint
from tests.provenance.intake.pictures import scene
from tests.provenance.screening.drawings import drawing

TURNS = {
    "none": None,
    "mirror": Image.Transpose.FLIP_LEFT_RIGHT,
    "flip": Image.Transpose.FLIP_TOP_BOTTOM,
    "rotate-180": Image.Transpose.ROTATE_180,
    "transpose": Image.Transpose.TRANSPOSE,
    "rotate-90": Image.Transpose.ROTATE_90,
    "rotate-270": Image.Transpose.ROTATE_270,
    "transverse": Image.Transpose.TRANSVERSE,
}


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("kind", ["scene", "noise", "drawing"])
def test_each_dihedral_code_is_what_the_library_says_of_the_turned_picture(kind, name):
    noise = np.random.default_rng(3).integers(0, 256, (512, 512, 3), dtype=np.uint8)
    square = {
        "scene": scene(512, 512),
        "noise": Image.fromarray(noise),
        "drawing": drawing(4).resize((512, 512)),
    }[kind]
    turned = square if TURNS[name] is None else square.transpose(TURNS[name])
    prints = fingerprint(square)
    bits, quality = pdqhash.compute(np.asarray(turned).copy())
    ours = bytes.fromhex(prints.pdq_dihedral[TRANSFORMS.index(name)])
    assert np.count_nonzero(np.unpackbits(np.frombuffer(ours, np.uint8)) != bits) <= 2, "rounding"
    assert prints.quality == quality


def test_phash_is_that_of_the_imagehash_library():
    square = scene(512, 512)
    assert fingerprint(square).phash == str(imagehash.phash(square))


def test_a_fingerprint_names_the_route_by_which_it_was_made():
    prints = fingerprint(scene())
    assert prints.version == VERSION
    assert (len(prints.pdq), len(prints.phash)) == (64, 16)
    assert prints.quality > 50


def test_a_fingerprint_survives_json():
    prints = fingerprint(scene())
    assert Fingerprint.from_json(prints.to_json()) == prints


@pytest.mark.parametrize(
    "change",
    [
        {"pdq_dihedral": ["00" * 32] * 7},
        {"pdq_dihedral": ["00" * 31] * 8},
        {"phash": "00" * 9},
        {"pdq_dihedral": ["0G" * 32] * 8},
        {"pdq": "11" * 32},
    ],
)
def test_a_malformed_fingerprint_is_refused(change):
    with pytest.raises(ValueError, match=r"code|hexadecimal"):
        Fingerprint.from_json(fingerprint(scene()).to_json() | change)


def test_a_flat_picture_has_no_quality():
    assert fingerprint(Image.new("RGB", (64, 64), "teal")).quality == 0
