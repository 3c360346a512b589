"""Seconds of CPU to compare a model's samples with a large bank, at 64 pixels a side.

`python benchmarks/audit.py [KNOWN] [SAMPLES]`. Pictures are noise made before the clock starts;
the ratio is to one subtraction of all pixels, the plain way of which the audit does sixteen parts.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
SIDE, DISTINCT = 64, 4096


def main(known: int, count: int) -> None:
    from registry.audit.rules import Picture, audit

    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (DISTINCT, SIDE, SIDE, 3), dtype=np.uint8)
    samples = [Picture(f"s{i}", pixels[-1 - i]) for i in range(count)]
    bank = (Picture(str(i), pixels[i % (DISTINCT - count)]) for i in range(known))
    started = time.process_time()
    found = audit(samples, bank)
    ours = time.process_time() - started
    block = pixels.astype(np.float32)
    started = time.process_time()
    np.sqrt(((block - block[0]) ** 2).mean(axis=(1, 2, 3)))
    plain = (time.process_time() - started) * known * count / DISTINCT
    print(
        f"{known:,} known, {count} samples: {ours:.1f} s of CPU, {ours / plain:.2f} of plain numpy"
    )
    print(found.explanation)


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] or ["10000", "24"])))
