"""The exact search of 256-bit codes beside faiss.IndexBinaryFlat, one thread each, in one run.

`python benchmarks/exact_search.py [--size 10000000]`. Times are of the processor, per query, in
calls of eight queries (a picture and how it can be turned); all the files are in memory. The ratio
is to the faster of faiss' two searches. 10 million codes take four minutes and 3 GB of memory.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from provenance.screening.exact import ExactIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

WITHIN, FAR, QUERIES, AT_ONCE, FEW = 31, 45, 400, 8, 40


def codes_of(size: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (size, 32), np.uint8)


def queries_of(codes: NDArray[np.uint8], flipped: int) -> NDArray[np.uint8]:
    """Codes with so many of their bits flipped: each has a neighbour just at that distance."""
    rng = np.random.default_rng(1)
    bits = np.unpackbits(codes[rng.integers(0, len(codes), QUERIES)], axis=1)
    for row in bits:
        row[rng.choice(256, flipped, replace=False)] ^= 1
    return np.packbits(bits, axis=1)


def build(size: int, folder: str) -> tuple[float, float]:
    """Processor seconds, and the most memory the process had, in gigabytes."""
    codes = codes_of(size)
    start = time.process_time()
    ExactIndex.build(Path(folder), lambda: (codes, np.arange(size)))
    took = time.process_time() - start
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def resident() -> float:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * resource.getpagesize() / 1e9


def per_query(search: Callable[[NDArray[np.uint8]], object], queries: NDArray[np.uint8]) -> float:
    """Processor milliseconds a query."""
    start = time.process_time()
    for at in range(0, len(queries), AT_ONCE):
        search(queries[at : at + AT_ONCE])
    return (time.process_time() - start) / len(queries) * 1e3


def search(size: int, folder: str) -> None:
    import faiss

    faiss.omp_set_num_threads(1)
    codes = codes_of(size)
    near, far = queries_of(codes, WITHIN), queries_of(codes, FAR)
    before = resident()
    index = ExactIndex(Path(folder))
    for _ in range(3):
        found = index.search(near)
    memory = resident() - before
    flat = faiss.IndexBinaryFlat(256)
    flat.add(codes)
    ours, one, all_within = [], [], []
    for _ in range(3):  # in turn, so that a busy machine is busy for all
        ours.append(per_query(index.search, near))
        one.append(per_query(lambda some: flat.search(some, 1), near[:FEW]))
        all_within.append(per_query(lambda some: flat.range_search(some, WITHIN + 1), near[:FEW]))
    wide = per_query(lambda some: index.search(some, FAR), far[:FEW])
    limits, _, rows = flat.range_search(near[:FEW], WITHIN + 1)
    for at in range(FEW):
        if sorted(found[at].ids) != sorted(rows[limits[at] : limits[at + 1]]):
            raise SystemExit("The two do not find the same.")
    mine, theirs = min(ours), min(*one, *all_within)
    print(f"  within {WITHIN}: {mine:.3f} ms a query; at {FAR}: {wide:.3f} ms")
    print(f"  faiss flat: nearest {min(one):.2f} ms, all within {min(all_within):.2f} ms")
    print(f"  {theirs / mine:.1f} times as fast as faiss flat; {theirs / wide:.1f} times at {FAR}")
    print(f"  resident memory of the open index: {memory:.2f} GB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    size = parser.parse_args().size
    with tempfile.TemporaryDirectory() as folder:
        print(f"{size:,} random codes")
        spawn = multiprocessing.get_context("spawn")
        with spawn.Pool(1, maxtasksperchild=1) as pool:
            took, most = pool.apply(build, (size, folder))
            disk = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e9
            print(f"  built in {took:.1f} s; files {disk:.2f} GB; at most {most:.2f} GB of memory")
            pool.apply(search, (size, folder))


if __name__ == "__main__":
    main()
