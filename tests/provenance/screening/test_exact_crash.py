"""Processes that are really killed, or really write at the same time."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from provenance.screening.exact import ExactIndex
from provenance.screening.exact.files import MANIFEST

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
CHILD = """
import os, signal, sys
from pathlib import Path
import numpy as np
from provenance.screening.exact import ExactIndex, bands, snapshot

snapshot.plan_for = lambda _: bands.Plan(2, 8)  # fewer writes to be killed at
folder, stop, what = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
code = lambda n: np.random.default_rng(n).integers(0, 256, (1, 32), np.uint8)
index = ExactIndex(folder)
left = stop

def deadly(name):
    true = getattr(os, name)
    def call(*args):
        global left
        left -= 1
        if left == 0:
            if name in ("write", "pwrite"):  # half of it arrives
                true(args[0], bytes(args[1])[: len(args[1]) // 2], *args[2:])
            os.kill(os.getpid(), signal.SIGKILL)
        return true(*args)
    setattr(os, name, call)

if stop > 0:
    for name in ("write", "pwrite", "fsync", "replace", "ftruncate"):
        deadly(name)
if what == "add":
    index.add(np.concatenate([code(1), code(2)]), np.array([1, 2]))
elif what == "delete":
    index.delete(np.array([0]))
elif what == "compact":
    index.compact()
elif what == "build":
    ExactIndex.build(folder, lambda: (code(9), np.array([9])))
elif what.startswith("stream"):
    for n in range(int(what[6:]), int(what[6:]) + 100000):
        index.add(code(n), np.array([n]))
        if n % 7 == 6:
            index.compact()
        print(n, flush=True)
"""


def code(number):
    return np.random.default_rng(number).integers(0, 256, (1, 32), np.uint8)


def child(folder, stop, what):
    command = [sys.executable, "-c", CHILD, str(folder), str(stop), what]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def ids(index, numbers=range(12)):
    return {n for n in numbers if n in index.search(code(n), 0)[0].ids}


AFTER = {"add": {0, 1, 2, 5}, "delete": {5}, "compact": {0, 5}, "build": {9}}


@pytest.mark.parametrize("what", AFTER)
def test_killed_at_any_write_the_old_or_the_new_is_there_and_writing_goes_on(tmp_path, what):
    seen = []
    for stop in count(1):
        folder = tmp_path / str(stop)
        index = ExactIndex.build(folder, lambda: (code(0), np.array([0])))
        index.add(code(5), np.array([5]))
        with child(folder, stop, what) as process:
            process.communicate()
        found = ids(index)
        assert found == ids(ExactIndex(folder))
        assert found in ({0, 5}, AFTER[what])
        seen.append(found)
        index.add(code(11), np.array([11]))
        assert ids(ExactIndex(folder)) == ids(index) == found | {11}
        index.compact()
        assert ids(ExactIndex(folder)) == found | {11}
        assert len(list(folder.glob("snapshot-*"))) == 1
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
    assert len(seen) > 4  # it was killed at each of several places
    assert seen[-1] == AFTER[what]
    assert seen == sorted(seen, key=lambda found: found == AFTER[what])  # new once, new for good


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_a_random_moment_all_that_was_told_is_there_and_at_most_one_more(tmp_path, seed):
    ExactIndex.build(tmp_path, lambda: (code(0), np.array([0])))
    told, wanted = 0, random.Random(seed).randrange(5, 60)
    with child(tmp_path, 0, "stream1") as process:
        for line in process.stdout:
            told = int(line)
            if told >= wanted:
                process.kill()
                break
        told = max([told, *map(int, process.stdout.read().split())])
    found = ids(ExactIndex(tmp_path), range(told + 5))
    assert found in (set(range(told + 1)), set(range(told + 2)))


def test_two_writers_that_compact_too_lose_nothing_while_a_reader_goes_on(tmp_path):
    index = ExactIndex.build(tmp_path, lambda: (code(0), np.array([0])))
    with child(tmp_path, 0, "stream1000") as one, child(tmp_path, 0, "stream500000") as other:
        for _ in range(40):
            for process in (one, other):
                told = int(process.stdout.readline())
                assert told in index.search(code(told), 0)[0].ids  # at once, in this process
            assert 0 in index.search(code(0), 0)[0].ids
        told = []
        for process in (one, other):
            process.kill()
            told += map(int, process.stdout.read().split())
    numbers = {0, *range(1000, 1040), *range(500000, 500040), *told}
    assert ids(ExactIndex(tmp_path), numbers) == numbers


def test_what_is_added_while_a_new_snapshot_is_made_stays(tmp_path):
    index = ExactIndex.build(tmp_path, lambda: (code(0), np.array([0])))

    def read():
        index.add(code(1), np.array([1]))
        index.delete(np.array([2]))
        return np.concatenate((code(0), code(2))), np.array([0, 2])

    ExactIndex.build(tmp_path, read)
    assert ids(index) == {0, 1}


def test_a_reader_that_had_the_old_files_open_reads_the_new(tmp_path):
    index = ExactIndex.build(tmp_path, lambda: (code(0), np.array([0])))
    ExactIndex.build(tmp_path, lambda: (code(1), np.array([1])))
    assert ids(index) == {1}
    assert {path.name for path in tmp_path.iterdir()} == {
        MANIFEST, "build.lock", "write.lock", "snapshot-2", "journal-2"
    }  # fmt: skip
