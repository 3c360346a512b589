"""The index of local features at growing sizes: memory, time to fill, time a query.

`python benchmarks/features_scale.py [--sizes 10000 100000 1000000]`. Descriptors are random and
spread as RootSIFT's are; strangers have nothing in common, which is easier for geometry and harder
for cells than pictures. A query shows 100 features of a listed work, with noise, among 300 of none.
One file of features is filled; for more works than it holds copies of it are searched beside it, so
that their time and memory are those of other files, and what is found is not. Times are of the
processor, on one thread; memory is what the process holds beyond its libraries.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from provenance.screening.local import Features, LocalIndex
from provenance.screening.local.features import KEPT, MOST, ROW
from provenance.screening.local.index import RETRAIN, SHARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZES, QUERIES, SHOWN, NOISE = (10_000, 100_000, 1_000_000), 20, 100, 9.0
TRIED = 1_000
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


def measure(sizes: Sequence[int]) -> Iterator[str]:
    """For sizes that share one filling: one that fits into memory, or some numbers of files."""
    LocalIndex(read).add(read(range(100)).items())  # the libraries are loaded
    before, works = resident(), min(SHARD, sizes[0])
    start = time.process_time()
    for key in range(TRIED):
        work(key)
    made, index = (time.process_time() - start) / TRIED * works, LocalIndex(read)
    first = max(1, works // RETRAIN)  # the last cells are drawn for about as many as there are
    start = time.process_time()
    for low, high in ((0, first), (first, works)):
        index.add((key, work(key)) for key in range(low, high))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "0.faiss"
        if works == SHARD:
            index.seal(file)
        filled = time.process_time() - start - 2 * made
        opened = 0
        for size in sizes:
            for _ in range(size // SHARD - opened):
                opened += 1
                index.open(shutil.copy(file, file.with_stem(str(opened))))
            yield f"{size:>9,} works  filled in {filled:4.0f} s  {asked(index, works, before)}"


def asked(index: LocalIndex, works: int, before: float) -> str:
    keys = np.random.default_rng(1).integers(0, works, QUERIES)
    queries = [query(int(key)) for key in keys]
    for one in queries:
        index.search(one)  # what it touches is in memory, as in a process that has answered before
    start = time.process_time()
    answers = [index.search(one) for one in queries]
    took = (time.process_time() - start) / QUERIES * 1000
    found = sum(bool(a) and a[0].key == key for a, key in zip(answers, keys, strict=True))
    return f"{resident() - before:5.2f} GB  {took:6.1f} ms a query  found {found}/{QUERIES}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    sizes = sorted(options.parse_args().sizes)
    files = [size for size in sizes if size >= SHARD]
    for some in [*([size] for size in sizes if size < SHARD), *([files] if files else [])]:
        process = multiprocessing.get_context("spawn").Process(target=tell, args=(some,))
        process.start()
        process.join()


def tell(sizes: Sequence[int]) -> None:
    for line in measure(sizes):
        print(line, flush=True)


if __name__ == "__main__":
    main()
