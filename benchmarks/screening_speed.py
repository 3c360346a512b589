"""Pictures a second of the whole-picture stage, and the processor time of the rest, in one run.

`python benchmarks/screening_speed.py [--pictures FOLDER] [--most 200]`. The plain side is
`PIL.Image.open`, `pdqhash.compute_dihedral` and `imagehash.phash` on the full picture; ours decodes
a JPEG at the least size with 512 pixels a side, as bulk commands do: both on one core, in turns, of
processor time. Then: how far PDQ of that decode is from PDQ of the full one; what features and a
search among the same pictures cost beside plain SIFT; and intake through the limited children.
Without a folder the pictures are generated.
"""

from __future__ import annotations

import argparse
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import imagehash
import numpy as np
import pdqhash
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from provenance.intake.decoding import decode
from provenance.intake.normalising import normalise
from provenance.intake.rules import Limits, PictureRefusedError
from provenance.screening.fingerprints import fingerprint
from provenance.screening.local import Features, LocalIndex, extract

if TYPE_CHECKING:
    from collections.abc import Callable

GENERATED, SIDE = 40, 1024
QUICK, FULL = Limits(marks_only=True), Limits()


def generated(seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (24, 24, 3), dtype=np.uint8))
    out = BytesIO()
    small.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(out, "JPEG", quality=85)
    return out.getvalue()


def pictures(folder: Path | None, most: int) -> list[bytes]:
    """JPEGs below the folder, as many as there are up to `most`, spread over it."""
    if folder is None:
        return [generated(seed) for seed in range(min(most, GENERATED))]
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".jpg", ".jpeg"})
    chosen = [path.read_bytes() for path in found[:: max(1, len(found) // most)]][:most]
    return [data for data in chosen if _readable(data)]


def _readable(data: bytes) -> bool:
    try:
        normalise(data, FULL)
    except (PictureRefusedError, OSError, SyntaxError):
        return False
    return True


def plain(data: bytes) -> None:
    image = Image.open(BytesIO(data)).convert("RGB")
    pdqhash.compute_dihedral(np.asarray(image))
    imagehash.phash(image)


def ours(data: bytes) -> None:
    fingerprint(normalise(data, QUICK).picture)


def in_turns(works: list[Callable[[bytes], object]], files: list[bytes]) -> list[float]:
    """Processor milliseconds a picture of each."""
    spent = [0.0] * len(works)
    for work in works:
        work(files[0])  # modules are loaded
    for data in files:
        for place, work in enumerate(works):
            start = time.process_time()
            work(data)
            spent[place] += time.process_time() - start
    return [seconds / len(files) * 1000 for seconds in spent]


def apart(data: bytes) -> int:
    """Bits between PDQ of the reduced and of the full decode."""
    quick, full = (fingerprint(normalise(data, limits).picture).pdq for limits in (QUICK, FULL))
    return (int(quick, 16) ^ int(full, 16)).bit_count()


def sift(picture: Image.Image) -> None:
    scale = 512 / max(picture.size)
    grey = np.asarray(picture.convert("L"))
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.SIFT_create(400).detectAndCompute(grey, None)  # type: ignore[attr-defined]  # no stub


def search_costs(files: list[bytes]) -> tuple[float, float, float]:
    """Processor milliseconds a picture: plain SIFT, our features, a search among all of them."""
    shown = [normalise(data, QUICK).picture for data in files]
    spent, found = [0.0, 0.0, 0.0], list[Features]()
    for picture in shown:
        start = time.process_time()
        sift(picture)
        middle = time.process_time()
        found.append(extract(picture))
        spent[0] += middle - start
        spent[1] += time.process_time() - middle
    known = {key: one.kept() for key, one in enumerate(found)}
    index = LocalIndex(lambda keys: {key: known[key] for key in keys})
    index.add(known.items())
    start = time.process_time()
    for one in found:
        index.search(one)
    spent[2] = time.process_time() - start
    return tuple(seconds / len(files) * 1000 for seconds in spent)  # type: ignore[return-value]  # three


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pictures", type=Path, help="A folder of JPEGs.")
    options.add_argument("--most", type=int, default=200)
    chosen = options.parse_args()
    cv2.setNumThreads(1)
    files = pictures(chosen.pictures, chosen.most)
    theirs, mine = in_turns([plain, ours], files)
    print(f"whole-picture stage of {len(files)} JPEGs: ours {mine:.1f} ms, plain {theirs:.1f} ms")
    print(f"ratio {theirs / mine:.2f}")
    bits = [apart(data) for data in files]
    p50, p95 = np.percentile(bits, (50, 95))
    print(f"PDQ, reduced against full decode: median {p50:.0f}, p95 {p95:.0f}, most {max(bits)}")
    detected, extracted, searched = search_costs(files)
    print(f"plain SIFT {detected:.1f} ms, features {extracted:.1f} ms, search {searched:.1f} ms")
    print(f"ratio of features and search to plain SIFT {(extracted + searched) / detected:.2f}")
    decode(files[0])  # the child starts
    start = time.perf_counter()
    for data in files[:GENERATED]:
        decode(data)
    taken = (time.perf_counter() - start) / len(files[:GENERATED]) * 1000
    print(f"intake in full, one after another: {taken:.1f} ms of the clock")


if __name__ == "__main__":
    main()
