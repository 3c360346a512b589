"""SIFT features of a picture as bytes: where each lies, its size and turn, and what it looks like.

A picture is brought to 512 px on its longer side, so that a copy kept at another size gives the
same features. A large one is looked at once more at 1024 px: what it shows may be small in it, as
on a page. Descriptors are RootSIFT (Arandjelovic and Zisserman 2012) as bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PIL import Image

VERSION: Final = "sift-512-root/2"
"""The route by which features were made; those of another must not be compared."""
SIDE: Final = 512
FINE_SIDE: Final = 1024
FINE_FROM: Final = 768
"""Pixels of the longer side from which a second look shows more."""
SMALLEST: Final = 32
"""A shorter side is padded to this many pixels, so that SIFT's filters fit in."""
SEEN: Final = 2_000
"""The strongest that are looked at; noise has any number."""
MOST: Final = 400
"""Of them those that are kept, so that every part of a picture has some."""
KEPT: Final = 170
"""Of a listed picture: 23 KB."""
GRID: Final = 8
CONTRAST: Final = 0.024
"""The least that is cheap in OpenCV: below it every flat pixel counts, at thrice the time."""
EDGE: Final = 20.0
"""SIFT's own is 10; line art would be left with too few features."""
BYTES_A_UNIT: Final = 512.0
HEAD: Final = struct.Struct("<4sHHHH")
MAGIC: Final = b"SFT2"
ROW: Final = np.dtype(
    [("x", "<u2"), ("y", "<u2"), ("scale", "u1"), ("angle", "u1"), ("code", "u1", (128,))]
)

_cells = np.arange(128).reshape(4, 4, 8)
_mirrored = _cells[::-1][:, :, (-np.arange(8)) % 8].ravel()
_inverted = _cells[::-1, ::-1].ravel()
PERMUTED: Final = {
    "none": np.arange(128),
    "mirror": _mirrored,
    "invert": _inverted,
    "mirror-invert": _mirrored[_inverted],
}
"""Where each number of a descriptor goes when the picture is mirrored or turned into its negative:
a mirror reverses one axis and the sense of angles; a negative turns every gradient, and with it the
frame that it is measured in, by half a turn."""


@dataclass(frozen=True)
class Features:
    """The features of one picture: those at 512 px, then those of a second look at 1024 px.

    Either strongest first.
    """

    width: int
    """In pixels, after the reduction to `SIDE`."""
    height: int
    rows: NDArray[Any]
    """Of dtype `ROW`: x and y in 1/65535 of width and height, scale in 1/8 octaves, angle in 1/256
    of a turn."""
    fine: int = 0
    """How many of them, the last, are of the second look."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def points(self) -> Any:
        """Pixels, of shape (n, 2)."""
        places = np.stack([self.rows["x"], self.rows["y"]], axis=1).astype(np.float32) / 65535
        return places * np.array([self.width, self.height], np.float32)

    def codes(self, variant: str = "none") -> NDArray[np.float32]:
        """Descriptors of shape (n, 128) as they would be, were the picture the `variant`."""
        return self.rows["code"][:, PERMUTED[variant]].astype(np.float32)

    def kept(self, most: int = KEPT) -> Features:
        """The strongest at 512 px, spread over the picture: no part that has any is left without.

        What a listed picture keeps.
        """
        rows = self.rows[: len(self) - self.fine]
        return Features(self.width, self.height, rows[_spread_rows(rows, most)])

    def voters(self, most: int) -> Features:
        """The strongest of both looks, spread over the picture."""
        coarse = len(self) - self.fine
        ranks = np.concatenate([np.arange(coarse), np.arange(self.fine)])
        rows = self.rows[np.argsort(ranks, kind="stable")]
        return Features(self.width, self.height, rows[_spread_rows(rows, most)])

    def within(self, corners: Sequence[Sequence[float]]) -> Features:
        """Those inside a polygon, its corners in 0..1 of width and height."""
        outline = np.array(corners, np.float32) * np.array([self.width, self.height], np.float32)
        inside = [cv2.pointPolygonTest(outline, (float(x), float(y)), False) >= 0
                  for x, y in self.points]  # fmt: skip
        mask = np.array(inside, dtype=bool)
        fine = int(mask[len(self) - self.fine :].sum())
        return Features(self.width, self.height, self.rows[mask], fine)

    def to_bytes(self) -> bytes:
        head = HEAD.pack(MAGIC, self.width, self.height, len(self), self.fine)
        return head + self.rows.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Features:
        """What `to_bytes` wrote. Raises ValueError on anything else."""
        if len(data) < HEAD.size:
            raise ValueError("features are cut off")
        magic, width, height, number, fine = HEAD.unpack_from(data)
        if magic != MAGIC or len(data) != HEAD.size + number * ROW.itemsize:
            raise ValueError(f"features are not of the version {VERSION}")
        sane = 0 < width <= SIDE and 0 < height <= SIDE and number - fine <= MOST >= fine
        if not (sane and fine <= number):
            raise ValueError("features say impossible things")
        return cls(width, height, np.frombuffer(data, ROW, number, HEAD.size), fine)


def extract(picture: Image.Image, *, twice: bool = True) -> Features:
    """The features of a normalised picture (mode RGB, any size).

    With `twice`, a large one is looked at a second time, for what is small in it. A picture that
    is listed only needs no second look: what it keeps is of the first.
    """
    grey = np.asarray(picture.convert("L"))
    (width, height), rows = _seen(grey, SIDE)
    fine = np.zeros(0, ROW)
    if twice and max(picture.size) >= FINE_FROM:
        _, fine = _seen(grey, min(FINE_SIDE, max(picture.size)))
    return Features(width, height, np.concatenate([rows, fine]), len(fine))


def _seen(grey: Any, side: int) -> tuple[tuple[int, int], NDArray[Any]]:
    """Width and height with the longer side at `side`, and the rows that are seen there."""
    height, width = grey.shape
    scale = side / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    points, codes = _detected(_padded(cv2.resize(grey, size, interpolation=way)))
    if not points:
        return size, np.zeros(0, ROW)
    seen = np.array([(*p.pt, p.size, p.angle, p.response) for p in points], np.float32)
    order = np.argsort(-seen[:, 4], kind="stable")
    order = order[(seen[order, :2] < size).all(axis=1)]  # not in what was padded
    x, y = np.maximum(seen[order, :2], 0).T / np.array([size], np.float32).T
    chosen = _spread(x, y, MOST)
    order, rows = order[chosen], np.zeros(len(chosen), ROW)
    rows["x"], rows["y"] = np.round(x[chosen] * 65535), np.round(y[chosen] * 65535)
    spans = seen[order, 2] * SIDE / side
    rows["scale"] = np.clip(np.round(np.log2(np.maximum(spans, 1)) * 8), 0, 255)
    rows["angle"] = np.round(seen[order, 3] / 360 * 256) % 256
    rows["code"] = _root(codes[order])
    return size, rows


def _spread_rows(rows: NDArray[Any], most: int) -> Any:
    return _spread(rows["x"] / 65536, rows["y"] / 65536, most)


def _spread(x: Any, y: Any, most: int) -> Any:
    """Places of the strongest of features in 0..1, sorted by strength, that leave no part without.

    The nth of each cell comes before the next of any, half and half with mere strength: a caption
    or a pattern must not take all.
    """
    if len(x) <= most:
        return np.arange(len(x))
    cell = (np.minimum(x * GRID, GRID - 1)).astype(int) * GRID
    cell += (np.minimum(y * GRID, GRID - 1)).astype(int)
    rank = np.zeros(len(x), dtype=int)
    for one in np.unique(cell):
        here = np.flatnonzero(cell == one)
        rank[here] = np.arange(len(here))
    order = np.argsort(np.minimum(rank * 4, np.arange(len(x))), kind="stable")
    return np.sort(order[:most])


def _padded(grey: Any) -> Any:
    height, width = grey.shape
    down, right = max(0, SMALLEST - height), max(0, SMALLEST - width)
    if not (down or right):
        return grey
    return cv2.copyMakeBorder(grey, 0, down, 0, right, cv2.BORDER_REPLICATE)


def _detected(grey: Any) -> tuple[Sequence[cv2.KeyPoint], NDArray[np.float32]]:
    sift = cv2.SIFT_create(  # type: ignore[attr-defined]  # the stubs lack it
        nfeatures=SEEN, contrastThreshold=CONTRAST, edgeThreshold=EDGE
    )
    return sift.detectAndCompute(grey, None)  # type: ignore[no-any-return]


def _root(codes: NDArray[np.float32]) -> Any:
    shares = codes / np.maximum(codes.sum(axis=1, keepdims=True), 1e-9)
    return np.minimum(np.round(np.sqrt(shares) * BYTES_A_UNIT), 255).astype(np.uint8)
