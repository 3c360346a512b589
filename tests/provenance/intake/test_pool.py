"""The children that decode: they may die, be shared by threads, and never outlive us."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from provenance.intake import decoding
from provenance.intake.decoding import Child, ChildDiedError, Limits, Pool, decode
from tests.provenance.intake.pictures import encoded, scene


@pytest.fixture
def child():
    child = Child()
    yield child
    child.close()


def test_a_child_killed_in_mid_job_is_noticed(child):
    jobs, _ = child._pipes()
    jobs.write(b'{"bytes": 1000')  # the child has begun to read a job
    jobs.flush()
    child.process.kill()
    with pytest.raises(ChildDiedError):
        child.run(encoded(scene(), "PNG"), Limits())


def test_after_a_child_was_killed_the_next_picture_is_decoded():
    decode(encoded(scene(), "PNG"))
    for child in decoding._pool.children:
        child.process.kill()
        child.process.wait()
    assert decode(encoded(scene(), "PNG")).format == "png"


def test_a_job_whose_child_is_killed_is_given_to_another(monkeypatch):
    run = Child.run
    killed = []

    def run_once_killed(self, data, limits):
        if not killed:
            killed.append(self)
            self.process.kill()
        return run(self, data, limits)

    monkeypatch.setattr(Child, "run", run_once_killed)
    assert decode(encoded(scene(), "PNG")).format == "png"
    assert killed


def test_many_threads_each_get_the_answer_to_their_own_picture():
    widths = [20 + at for at in range(40)]
    pictures = [encoded(scene(width, 16), "PNG") for width in widths]
    with ThreadPoolExecutor(16) as threads:
        assert [decoded.width for decoded in threads.map(decode, pictures)] == widths


def test_a_pool_starts_no_child_before_it_is_needed():
    pool = Pool(2)
    assert not pool.children
    pool.run(encoded(scene(), "PNG"), Limits())
    assert len(pool.children) == 1
    pool.close()
    assert not pool.children


def test_a_child_that_kept_much_memory_is_replaced(monkeypatch):
    monkeypatch.setattr(decoding, "RETIRE_PIXELS", 100)
    pool = Pool(1)
    pool.run(encoded(scene(), "PNG"), Limits())
    assert not any(child.alive for child in pool.children)
    pool.close()


def test_a_child_ends_when_its_parent_is_killed():
    code = (
        "import os, signal\n"
        "from provenance.intake.decoding import Child\n"
        "child = Child()\n"
        "print(child.process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.wait()
    watcher = threading.Thread(target=_until_gone, args=(pid,), daemon=True)
    watcher.start()
    watcher.join(15)
    assert not watcher.is_alive()


def _until_gone(pid: int) -> None:
    """Wait on a process that is not our child."""
    import os
    import select

    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    select.select([handle], [], [])
    os.close(handle)


def test_an_answer_that_claims_too_many_bytes_is_not_believed(child, monkeypatch):
    monkeypatch.setattr(decoding, "MAX_BODY_BYTES", 10)
    with pytest.raises(ChildDiedError):
        child.run(encoded(scene(), "PNG"), Limits())
