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

VERSION = "pdq-512-bilinear+phash-32/1"
"""The route by which the codes were made; codes of another version must not be compared."""

TRANSFORMS = (
    "none", "mirror", "flip", "rotate-180",
    "transpose", "rotate-90", "rotate-270", "transverse",
)  # fmt: skip
"""What was done to the picture before hashing, in the order of the dihedral codes; degrees
counter-clockwise."""

SIDE = 512
PHASH_SIDE = 32


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

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Fingerprint:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError on other things."""
        pdqs, phashes = tuple(body["pdq_dihedral"]), tuple(body["phash_dihedral"])
        if (len(pdqs), len(phashes)) != (len(TRANSFORMS), len(TRANSFORMS)):
            raise ValueError("a fingerprint has eight dihedral codes of each kind")
        if any(len(bytes.fromhex(code)) != 32 for code in pdqs):  # noqa: PLR2004  # 256 bits
            raise ValueError("a PDQ code has 64 hexadecimal digits")
        if any(len(bytes.fromhex(code)) != 8 for code in phashes):  # noqa: PLR2004  # 64 bits
            raise ValueError("a pHash code has 16 hexadecimal digits")
        if (body["pdq"], body["phash"]) != (pdqs[0], phashes[0]):
            raise ValueError("the first dihedral code is the picture's own")
        return cls(
            version=str(body["version"]),
            pdq=pdqs[0],
            quality=int(body["quality"]),
            phash=phashes[0],
            pdq_dihedral=pdqs,
            phash_dihedral=phashes,
        )


def fingerprint(picture: Image.Image) -> Fingerprint:
    """The fingerprint of a normalised picture (mode RGB, any size).

    The picture is first brought to exactly 512 x 512 (aspect ignored, bilinear): its codes then
    hardly depend on the size at which a copy was kept.
    """
    from PIL import Image

    square = picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    pdqs, quality = _pdqs(square)
    phashes = _phashes(square)
    return Fingerprint(VERSION, pdqs[0], quality, phashes[0], pdqs, phashes)


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
