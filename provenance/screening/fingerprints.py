"""PDQ of a normalised picture and of its eight turned and mirrored versions, and its pHash.

Runs in the decoder's child; the parent only carries the result, so the hashing libraries are
imported where they are used.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
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
LUMA = (0.299, 0.587, 0.114)


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
    """PDQ of all eight versions in the order of `TRANSFORMS`, and the quality.

    Each is what the reference library says of the turned picture, apart from rounding; but PDQ's
    filters are linear, so that they are one matrix, and a turn is that matrix read backwards: 0.9
    ms for all. The library's own way to derive them is up to 46 bits off, because its sampling
    grid is not symmetric.
    """
    import numpy as np

    reduce, measure = _filters()
    grey = np.asarray(square, dtype=np.float32) @ np.array(LUMA, np.float32)
    rows = np.concatenate([measure, measure[:, ::-1], reduce]) @ grey
    values = rows[:32] @ np.concatenate([measure, measure[:, ::-1]]).T
    turned = [values[a : a + 16, b : b + 16] for a in (0, 16) for b in (0, 16)]
    pdqs = [_thresholded(one) for one in (*turned, *(one.T for one in turned))]
    return tuple(pdqs), _quality(rows[32:] @ reduce.T)


@cache
def _filters() -> tuple[Any, Any]:
    """(64, 512): box filter twice and every eighth row; (16, 512): the cosine transform of that."""
    import numpy as np

    box = np.zeros((SIDE, SIDE))
    for row in range(SIDE):
        window = slice(max(0, row - 1), row + 3)
        box[row, window] = 1 / len(range(SIDE)[window])
    reduce = (box @ box)[4::8]
    waves = np.cos(np.pi / 128 * np.arange(1, 17)[:, None] * np.arange(1, 128, 2))
    measure = waves * np.sqrt(2 / 64) @ reduce
    return reduce.astype(np.float32), measure.astype(np.float32)


def _thresholded(values: np.ndarray[Any, Any]) -> str:
    """Which of 256 values exceed their lower median, the last one first."""
    import numpy as np

    flat = values.ravel()
    return np.packbits((flat > np.partition(flat, 127)[127])[::-1]).tobytes().hex()


def _quality(small: np.ndarray[Any, Any]) -> int:
    """The sum of steps between neighbours, in hundredths of the range, as PDQ scales it."""
    import numpy as np

    steps = (np.abs(np.diff(small, axis=axis) * 100 / 255) for axis in (0, 1))
    return min(100, int(sum(np.trunc(one).sum() for one in steps)) // 90)
