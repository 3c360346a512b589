"""The index of local features at growing sizes: memory, time to fill, time a query.

`python benchmarks/features_scale.py [--sizes 10000 100000 1000000]`. Descriptors are random and
spread as RootSIFT's are; strangers have nothing in common, which is easier for geometry and harder
for cells than pictures. A query shows 100 features of a listed work, with noise, among 300 of none.
Times are of the processor, on one thread; memory is what the process holds beyond its libraries.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from provenance.screening.local import Features, LocalIndex
from provenance.screening.local.features import KEPT, MOST, ROW
from provenance.screening.local.index import RETRAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES, QUERIES, SHOWN, NOISE = (10_000, 100_000), 20, 100, 9.0
SPREAD = np.round(-32 * np.log(1 - np.arange(256) / 256)).astype(np.uint8)
"""From even bytes to an exponential share-out, with a length of about 512 as RootSIFT's."""


def work(key: int, number: int = KEPT) -> Features:
    """Always the same features for a key, as a database would give them."""
    rng = np.random.default_rng(key)
    rows = np.zeros(number, ROW)
    rows["x"], rows["y"] = rng.integers(0, 65536, (2, number), dtype=np.uint16)
    rows["code"] = SPREAD[rng.integers(0, 256, (number, 128), dtype=np.uint8)]
    return Features(512, 400, rows)


def query(key: int) -> Features:
    """A picture that shows a part of the work, noisily, among other things."""
    rng = np.random.default_rng(10**9 + key)
    rows = work(10**10 + key, MOST).rows.copy()
    places = rng.permutation(MOST)[:SHOWN]
    rows[places] = work(key).rows[:SHOWN]
    noisy = rows["code"][places] + rng.normal(0, NOISE, (SHOWN, 128))
    rows["code"][places] = np.clip(np.round(noisy), 0, 255)
    return Features(512, 400, rows)


def read(keys: Sequence[int]) -> dict[int, Features]:
    return {key: work(key) for key in keys}


def resident() -> float:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * resource.getpagesize() / 1e9


def measure(size: int) -> str:
    LocalIndex(read).add(read(range(100)).items())  # the libraries are loaded
    index, before, start = LocalIndex(read), resident(), time.process_time()
    first = max(1, size // RETRAIN)  # the last cells are drawn for about as many as there are
    for low, high in ((0, first), (first, size)):
        index.add((key, work(key)) for key in range(low, high))
    filled = time.process_time() - start
    start = time.process_time()
    for key in range(size):
        work(key)
    made = time.process_time() - start
    memory, keys = resident() - before, np.random.default_rng(1).integers(0, size, QUERIES)
    queries = [query(int(key)) for key in keys]
    start = time.process_time()
    answers = [index.search(one) for one in queries]
    took = (time.process_time() - start) / QUERIES * 1000
    found = sum(bool(a) and a[0].key == key for a, key in zip(answers, keys, strict=True))
    return (
        f"{size:>9,} works  {memory:6.2f} GB  filled in {filled - 2 * made:6.0f} s  "
        f"{took:7.1f} ms a query  found {found}/{QUERIES}"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    for size in options.parse_args().sizes:
        with multiprocessing.get_context("spawn").Pool(1) as process:
            print(process.apply(measure, (size,)), flush=True)


if __name__ == "__main__":
    main()
