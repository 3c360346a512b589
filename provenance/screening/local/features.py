"""Keypoints and RootSIFT descriptors of one picture, as arrays and as a versioned blob."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

VERSION = 1
"""The route by which the features were made."""
MAGIC = b"IMLF"
HEAD = struct.Struct("<4sHHHH")
"""Magic, version, width, height, number of keypoints."""
KEPT = 170
MOST = 420
"""No blob holds more keypoints: 57 KB."""
POINT = np.dtype([("x", "<u2"), ("y", "<u2"), ("scale", "<u2"), ("angle", "u1"), ("weight", "u1")])
"""Pixels in 1/64, scale in 1/128 pixels, angle in 1/256 turns, weight in 1/255."""
SIZE = 128


class DamagedFileError(ValueError):
    """Bytes that this package did not write, or that were cut short."""


@dataclass(frozen=True)
class Features:
    """Strongest first. All coordinates are pixels of the picture at the working size."""

    width: int
    height: int
    points: NDArray[np.float32]
    """(n, 4): x, y, scale (diameter of the neighbourhood), angle in degrees."""
    weights: NDArray[np.float32]
    """(n,), 0..1: little for what looks like lettering."""
    descriptors: NDArray[np.uint8]
    """(n, 128): RootSIFT times 255."""

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def floats(self) -> NDArray[np.float32]:
        """The descriptors, as the search wants them."""
        return self.descriptors.astype(np.float32)

    def take(self, rows: NDArray[np.int64]) -> Features:
        return Features(
            self.width, self.height, self.points[rows], self.weights[rows], self.descriptors[rows]
        )

    def kept(self, most: int = KEPT) -> Features:
        """The features that a protected work stores: strong ones, spread over the picture.

        Every cell of a 5 x 5 grid gives its strongest in turn, so that any part that is cut out
        keeps some.
        """
        if len(self) <= most:
            return self
        size = np.array([self.width, self.height], dtype=np.float32)
        cells = np.minimum((self.points[:, :2] / size * 5).astype(np.int64), 4) @ (1, 5)
        rank = np.zeros(len(self), dtype=np.int64)
        for cell in np.unique(cells):
            inside = np.flatnonzero(cells == cell)
            rank[inside] = np.arange(len(inside))
        return self.take(np.sort(np.argsort(rank, kind="stable")[:most]))

    def to_bytes(self) -> bytes:
        count = min(len(self), MOST)
        packed = np.zeros(count, dtype=POINT)
        x, y, scale, angle = self.points[:count].T
        packed["x"], packed["y"] = np.clip(np.rint((x * 64, y * 64)), 0, 65535)
        packed["scale"] = np.clip(np.rint(scale * 128), 0, 65535)
        packed["angle"] = np.rint(angle * (256 / 360)).astype(np.int64) % 256
        packed["weight"] = np.rint(self.weights[:count] * 255)
        head = HEAD.pack(MAGIC, VERSION, self.width, self.height, count)
        return head + packed.tobytes() + self.descriptors[:count].tobytes()

    @classmethod
    def from_bytes(cls, blob: bytes | memoryview) -> Features:
        """Read what `to_bytes` wrote; the descriptors stay a view of `blob`.

        Raises DamagedFileError.
        """
        if len(blob) < HEAD.size:
            raise DamagedFileError("this blob is too short to hold features")
        magic, version, width, height, count = HEAD.unpack_from(blob)
        if magic != MAGIC or version != VERSION:
            raise DamagedFileError("this blob holds no features of this version")
        if len(blob) != HEAD.size + count * (POINT.itemsize + SIZE) or not width or not height:
            raise DamagedFileError("this blob of features was cut short")
        packed = np.frombuffer(blob, POINT, count, HEAD.size)
        rows = np.frombuffer(blob, np.uint8, count * SIZE, HEAD.size + count * POINT.itemsize)
        points = np.empty((count, 4), dtype=np.float32)
        points[:, 0], points[:, 1] = packed["x"] / 64, packed["y"] / 64
        points[:, 2], points[:, 3] = packed["scale"] / 128, packed["angle"] * (360 / 256)
        weights = (packed["weight"] / 255).astype(np.float32)
        return cls(width, height, points, weights, rows.reshape(count, SIZE))


def _permutation(rows: bool, columns: bool, bins: bool) -> NDArray[np.int64]:
    """Of a descriptor of 4 rows, 4 columns and 8 directions, with some of them reversed."""
    order = np.arange(SIZE).reshape(4, 4, 8)
    order = order[::-1] if rows else order
    order = order[:, ::-1] if columns else order
    order = order[:, :, -np.arange(8) % 8] if bins else order
    return order.reshape(-1)


MIRRORED = _permutation(rows=True, columns=False, bins=True)
INVERTED = _permutation(rows=True, columns=True, bins=False)


def mirrored(features: Features) -> Features:
    """The features that the picture would give in a mirror (left and right exchanged)."""
    points = features.points.copy()
    points[:, 0] = features.width - 1 - points[:, 0]
    points[:, 3] = (180 - points[:, 3]) % 360
    return Features(
        features.width,
        features.height,
        points,
        features.weights,
        features.descriptors[:, MIRRORED],
    )


def inverted(features: Features) -> Features:
    """The features that the negative of the picture would give: every gradient turns round."""
    points = features.points.copy()
    points[:, 3] = (points[:, 3] + 180) % 360
    return Features(
        features.width,
        features.height,
        points,
        features.weights,
        features.descriptors[:, INVERTED],
    )
