"""PDQ and pHash of a normalised picture and of its eight turned and mirrored versions.

Runs in the decoder's child; the parent only carries the result, so the hashing libraries are
imported where they are used.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

VERSION = "pdq-512-bilinear+phash-32+crops-15/1"
"""The route by which the codes were made; codes of another version must not be compared."""

TRANSFORMS = (
    "none", "mirror", "flip", "rotate-180",
    "transpose", "rotate-90", "rotate-270", "transverse",
)  # fmt: skip
"""What was done to the picture before hashing, in the order of the dihedral codes; degrees
counter-clockwise."""

SIDE = 512
CROP_SIDE = 128
"""Crops are compared loosely: a smaller picture does, and takes a tenth of the time."""
PHASH_SIDE = 32
SPANS = ((0.0, 1.0), (0.05, 1.0), (0.0, 0.95), (0.05, 0.95))
CROPS = tuple((x, y) for y in SPANS for x in SPANS)[1:]
"""The part of the width and of the height that each crop keeps."""


@dataclass(frozen=True)
class Fingerprint:
    """The codes of one picture. `pdq` is 64 and `phash` 16 lower-case hexadecimal digits."""

    version: str
    pdq: str
    quality: int
    """PDQ's measure of detail, 0..100; a flat picture has little and its codes mean nothing."""
    phash: str
    pdq_dihedral: tuple[str, ...]
    phash_dihedral: tuple[str, ...]
    pdq_crops: tuple[str, ...]
    """Codes of 15 crops by 5 % at one or more edges: a copy that was cropped is near to one."""
    phash_crops: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Fingerprint:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError on other things."""
        codes = {
            name: _checked(body[name], count, size)
            for name, count, size in (
                ("pdq_dihedral", len(TRANSFORMS), 64),
                ("phash_dihedral", len(TRANSFORMS), 16),
                ("pdq_crops", len(CROPS), 64),
                ("phash_crops", len(CROPS), 16),
            )
        }
        own = codes["pdq_dihedral"][0], codes["phash_dihedral"][0]
        if (body["pdq"], body["phash"]) != own:
            raise ValueError("the first dihedral code is the picture's own")
        return cls(str(body["version"]), own[0], int(body["quality"]), own[1], **codes)


def _checked(codes: list[str], count: int, size: int) -> tuple[str, ...]:
    if len(codes) != count or any(len(bytes.fromhex(code)) * 2 != size for code in codes):
        raise ValueError(f"a fingerprint has {count} codes of {size} hexadecimal digits here")
    return tuple(codes)


def fingerprint(picture: Image.Image) -> Fingerprint:
    """The fingerprint of a normalised picture (mode RGB, any size).

    The picture is first brought to exactly 512 x 512 (aspect ignored, bilinear): its codes then
    hardly depend on the size at which a copy was kept.
    """
    from PIL import Image

    square = picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    pdqs, quality = _pdqs(square)
    phashes = _phashes(square)
    crops = [_crop(square, *spans) for spans in CROPS]
    return Fingerprint(
        VERSION,
        pdqs[0],
        quality,
        phashes[0],
        pdqs,
        phashes,
        tuple(pdq for pdq, _ in crops),
        tuple(phash for _, phash in crops),
    )


def _crop(
    square: Image.Image, across: tuple[float, float], down: tuple[float, float]
) -> tuple[str, str]:
    """PDQ and pHash of the part of the square that lies within both spans."""
    import imagehash
    import numpy as np
    import pdqhash
    from PIL import Image

    box = (across[0] * SIDE, down[0] * SIDE, across[1] * SIDE, down[1] * SIDE)
    part = square.resize((CROP_SIDE, CROP_SIDE), Image.Resampling.BILINEAR, box)
    bits, _ = pdqhash.compute(np.asarray(part))
    return _hex(bits), str(imagehash.phash(part))


def _pdqs(square: Image.Image) -> tuple[tuple[str, ...], int]:
    """PDQ of all eight versions, bit for bit what hashing each version would give.

    pdqhash derives the other seven from one picture, up to 46 bits off on fine detail, because
    its sampling grid is not symmetric. Only the transposed one is exact; so hash the four flips
    and take each with its transpose.
    """
    import numpy as np
    import pdqhash

    pixels = np.asarray(square)
    upright, transposed, quality = [], [], 0
    for view in (pixels[::-1, ::-1], pixels[::-1], pixels[:, ::-1], pixels):
        codes, quality = pdqhash.compute_dihedral(view)
        upright.append(_hex(codes[0]))
        transposed.append(_hex(codes[6]))
    # A picture mirrored and then transposed is turned by 90 degrees, and so on.
    return (*upright[::-1], *transposed[::-1]), int(quality)


def _phashes(square: Image.Image) -> tuple[str, ...]:
    import imagehash
    from PIL import Image

    small = square.convert("L").resize((PHASH_SIDE, PHASH_SIDE), Image.Resampling.LANCZOS)
    turns = Image.Transpose
    turned = (
        turns.FLIP_LEFT_RIGHT,
        turns.FLIP_TOP_BOTTOM,
        turns.ROTATE_180,
        turns.TRANSPOSE,
        turns.ROTATE_90,
        turns.ROTATE_270,
        turns.TRANSVERSE,
    )
    versions = [small, *(small.transpose(turn) for turn in turned)]
    return tuple(str(imagehash.phash(version)) for version in versions)


def _hex(bits: np.ndarray[Any, Any]) -> str:
    import numpy as np

    return bytes(np.packbits(bits)).hex()
