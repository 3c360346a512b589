"""PDQ of a normalised picture and of its eight turned and mirrored versions, and its pHash.

Runs in the decoder's child; the parent only carries the result, so the hashing libraries are
imported where they are used.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

VERSION = "pdq-512-bilinear+phash-32/2"
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

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Fingerprint:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError on other things."""
        codes = tuple(_checked(code, 64) for code in body["pdq_dihedral"])
        if len(codes) != len(TRANSFORMS) or body["pdq"] != codes[0]:
            raise ValueError("the first of eight dihedral codes is the picture's own")
        phash = _checked(body["phash"], 16)
        return cls(str(body["version"]), codes[0], int(body["quality"]), phash, codes)

    @staticmethod
    def check_code(code: str) -> None:
        """Raises ValueError unless this is a PDQ code."""
        _checked(code, 64)


def _checked(code: str, digits: int) -> str:
    if len(code) != digits or len(bytes.fromhex(code)) * 2 != digits or code != code.lower():
        raise ValueError(f"a code has {digits} hexadecimal digits, in lower case")
    return code


def fingerprint(picture: Image.Image) -> Fingerprint:
    """The fingerprint of a normalised picture (mode RGB, any size).

    The picture is first brought to exactly 512 x 512 (aspect ignored, bilinear): its codes then
    hardly depend on the size at which a copy was kept.
    """
    import imagehash
    from PIL import Image

    square = picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    pdqs, quality = _pdqs(square)
    small = square.convert("L").resize((PHASH_SIDE, PHASH_SIDE), Image.Resampling.LANCZOS)
    return Fingerprint(VERSION, pdqs[0], quality, str(imagehash.phash(small)), pdqs)


def image_code(picture: Image.Image) -> str:
    """The ISCC Image-Code (ISO 24138, 256 bits) of a normalised picture, for exchange."""
    import iscc_core
    from PIL import Image

    small = picture.convert("L").resize((32, 32), Image.Resampling.BICUBIC)
    return str(iscc_core.gen_image_code_v0(list(small.get_flattened_data()), bits=256)["iscc"])


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


def _hex(bits: np.ndarray[Any, Any]) -> str:
    import numpy as np

    return bytes(np.packbits(bits)).hex()
