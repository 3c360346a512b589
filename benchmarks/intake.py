"""Pictures a second through the limited children, against plain libraries in this process.

The plain side decodes and hashes the full picture; ours also checks, normalises, re-encodes, and
hashes 15 crops. Only the ratio of one run means anything: `python -m benchmarks.intake`.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

import imagehash
import numpy as np
import pdqhash
from PIL import Image

from provenance.intake.decoding import POOL_SIZE, decode

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURES = 24
SIDE = 1024


def picture(seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (16, 16, 3), dtype=np.uint8))
    out = BytesIO()
    small.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(out, "JPEG", quality=85)
    return out.getvalue()


def plain(data: bytes) -> None:
    image = Image.open(BytesIO(data)).convert("RGB")
    pdqhash.compute_dihedral(np.asarray(image))
    imagehash.phash(image)


def rate(work: Callable[[bytes], object], pictures: list[bytes], threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, pictures[:threads]))  # the children start
        begun = time.perf_counter()
        list(pool.map(work, pictures))
    return len(pictures) / (time.perf_counter() - begun)


def main() -> None:
    pictures = [picture(seed) for seed in range(PICTURES)]
    ours, theirs = rate(decode, pictures, POOL_SIZE), rate(plain, pictures, 1)
    print(f"{SIDE} px JPEG: pool of {POOL_SIZE} {ours:.1f}/s, plain {theirs:.1f}/s")
    print(f"ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
