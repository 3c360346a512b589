"""Seconds of CPU to check a text against 10,000 protected names, beside plain substring search.

`python benchmarks/naming.py`: the ratio is to looking for each name's lower-case letters with
Python's own `in`, which finds none of the disguises.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
NAMES = 10_000


def main() -> None:
    from provenance.naming.rules import NameIndex, ProtectedName, check
    from tests.provenance.naming import corpus

    names = corpus.people(corpus.LOCALES, NAMES, 5)
    started = time.process_time()
    index = NameIndex([ProtectedName(name, (name,)) for name in names])
    print(f"index of {NAMES:,} names: {time.process_time() - started:.1f} s of CPU, once")
    texts = [text for _, _, text in corpus.positives()[::5]] + corpus.negatives()[::20]
    started = time.process_time()
    for text in texts:
        check(text, index)
    ours = (time.process_time() - started) / len(texts)
    plain = [name.lower() for name in names]
    started = time.process_time()
    for text in texts:
        lowered = text.lower()
        _ = [name for name in plain if name in lowered]
    theirs = (time.process_time() - started) / len(texts)
    print(f"{len(texts)} texts: {ours * 1000:.2f} ms of CPU a text, {ours / theirs:.1f} times `in`")


if __name__ == "__main__":
    main()
