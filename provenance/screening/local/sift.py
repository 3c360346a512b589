"""SIFT of a picture brought to one working size, as RootSIFT bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from provenance.screening.local.features import Features

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 512
"""Pixels of the longer side."""
LEAST = 48
"""Pixels of the shorter side after padding; below that no octave is left."""
QUERY = 400
CONTRAST = 0.01
"""A quarter of SIFT's own: flat art is full of faint edges that tell works apart."""

cv2.setNumThreads(1)  # the caller shares out the cores; a thread's stack is address space too


def extract(pixels: NDArray[np.uint8], most: int = QUERY) -> Features:
    """The strongest `most` features of a picture of shape (height, width, 3), RGB."""
    grey = _working_size(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY))
    height, width = grey.shape
    sift = cv2.SIFT.create(nfeatures=most, contrastThreshold=CONTRAST)
    keypoints, rows = sift.detectAndCompute(_padded(grey), None)
    if rows is None:
        none = np.zeros((0, 4), np.float32)
        return Features(width, height, none, none[:, 0], np.zeros((0, 128), np.uint8))
    strength = np.array([-keypoint.response for keypoint in keypoints])
    order = np.argsort(strength, kind="stable")[:most]
    points = np.array([(k.pt[0], k.pt[1], k.size, k.angle) for k in keypoints], dtype=np.float32)[
        order
    ]
    inside = (points[:, 0] < width) & (points[:, 1] < height)
    points, order = points[inside], order[inside]
    return Features(width, height, points, lettering(grey, points), _root(rows[order]))


def _working_size(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = grey.shape
    factor = SIDE / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, size, interpolation=how), dtype=np.uint8)


def _padded(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    below, right = (max(0, LEAST - side) for side in grey.shape)
    if not below and not right:
        return grey
    return np.asarray(cv2.copyMakeBorder(grey, 0, below, 0, right, cv2.BORDER_REPLICATE), np.uint8)


def _root(rows: NDArray[np.float32]) -> NDArray[np.uint8]:
    """RootSIFT: Euclidean distances of it are Hellinger distances of the histograms."""
    total = np.maximum(rows.sum(axis=1, keepdims=True), 1e-6)
    rooted: NDArray[np.uint8] = np.rint(np.sqrt(rows / total) * 255).astype(np.uint8)
    return rooted


def lettering(grey: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights of keypoints, (n,): 0.3 where the surroundings look like a line of text.

    Text is many small, abrupt strokes of two tones: where a square of 33 pixels has many
    horizontal steps and hardly any middle tone.
    """
    steps = (cv2.absdiff(grey[:, 1:], grey[:, :-1]) > 60).astype(np.float32)  # noqa: PLR2004
    density = cv2.boxFilter(np.pad(steps, ((0, 0), (0, 1))), -1, (33, 33))
    middle = ((grey > 70) & (grey < 185)).astype(np.float32)  # noqa: PLR2004
    tones = cv2.boxFilter(middle, -1, (33, 33))
    column = np.clip(points[:, 0].astype(np.int64), 0, grey.shape[1] - 1)
    row = np.clip(points[:, 1].astype(np.int64), 0, grey.shape[0] - 1)
    text = (density[row, column] > 0.14) & (tones[row, column] < 0.22)  # noqa: PLR2004
    return np.where(text, 0.3, 1.0).astype(np.float32)
