"""Decode pictures of unknown origin in limited children, and never in this process.

`decode` is all that others need. A pool of children is started lazily, survives their deaths, may
be used from any thread, and is made anew after a fork.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from provenance.intake.metadata.embedded import Embedded
from provenance.intake.rules import (
    Limits,
    PictureRefusedError,
    check_bytes,
    damaged,
    format_of,
    too_slow,
)
from provenance.screening.fingerprints import Fingerprint

__all__ = ["Decoded", "Limits", "Marks", "PictureRefusedError", "decode", "marks"]

DECODER = Path(__file__).with_name("decoder.py")
POOL_SIZE = min(4, os.cpu_count() or 1)
MAX_HEAD_BYTES = 524_288
"""What a file says about itself is bounded to half of this, with every character escaped."""
MAX_BODY_BYTES = 64_000_000
RETIRE_PIXELS = 16_000_000
"""After a picture this large a child keeps up to 512 MB for itself: better to begin a new one."""
MALLOC = {
    # Keep freed memory: giving it back costs 40 ms a picture.
    "MALLOC_TRIM_THRESHOLD_": str(512 * 1024 * 1024),
    "MALLOC_MMAP_THRESHOLD_": str(512 * 1024 * 1024),
    "MALLOC_ARENA_MAX": "1",
    "PILLOW_BLOCKS_MAX": "16",
    # A thread's stack counts as address space.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


Answer = tuple[dict[str, Any], bytes, bytes, bytes]
"""Facts about a picture, and its PNG, thumbnail and features."""


@dataclass(frozen=True)
class Decoded:
    """A picture that was taken apart and put together again by us."""

    format: str
    """jpeg, png, webp, tiff, avif or gif, told by its bytes."""
    width: int
    height: int
    """As received, upright, before any reduction."""
    png: bytes
    """The normalised picture: upright, sRGB, 8 bits, on white, at most 2,048 px a side."""
    thumbnail: bytes
    """JPEG, at most 256 px a side."""
    sha256: str
    """Of the bytes as received."""
    normalised_sha256: str
    """Of `png`."""
    fingerprint: Fingerprint
    features: bytes
    """Its local features, packed; see `provenance.screening.local`."""
    embedded: Embedded
    """What the file says about itself."""


@dataclass(frozen=True)
class Marks:
    """What a picture is compared by, and nothing of the picture."""

    sha256: str
    """Of the bytes as received."""
    fingerprint: Fingerprint
    features: bytes
    """As in `Decoded`."""


class ChildDiedError(Exception):
    """A child ended in mid-job; `signal` is what ended it, if a signal did."""

    def __init__(self, returncode: int | None) -> None:
        super().__init__(f"the decoder ended with {returncode}")
        self.signal = -returncode if returncode is not None and returncode < 0 else None


class Child:
    """One limited process. Used by one thread at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(DECODER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=MALLOC,
        )

    def run(self, data: bytes, limits: Limits) -> Answer:
        """Facts and files. Raises ChildDiedError, or TimeoutError after the kill."""
        expired = threading.Event()
        timer = threading.Timer(limits.seconds, self._expire, (expired,))
        timer.daemon = True
        timer.start()
        try:
            return self._exchange(data, limits)
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            self.close()
            if expired.is_set():
                raise TimeoutError from error
            raise ChildDiedError(self.process.returncode) from error
        finally:
            timer.cancel()
            timer.join()  # or it could still kill the child in its next job

    def _expire(self, expired: threading.Event) -> None:
        expired.set()
        self.process.kill()

    def _exchange(self, data: bytes, limits: Limits) -> Answer:
        jobs, answers = self._pipes()
        head = json.dumps({"bytes": len(data), "limits": asdict(limits)})
        jobs.write(head.encode() + b"\n" + data)
        jobs.flush()
        facts = json.loads(answers.readline(MAX_HEAD_BYTES) or b"\0")
        png, thumbnail, features = facts["parts"]
        return facts, _read(answers, png), _read(answers, thumbnail), _read(answers, features)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self.process.stdin is None or self.process.stdout is None:
            raise EOFError
        return self.process.stdin, self.process.stdout

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """End the process at once; it holds nothing worth keeping."""
        self.process.kill()
        self.process.wait()
        self.let_go()

    def let_go(self) -> None:
        """Close our ends of the pipes."""
        for pipe in self._pipes():
            with contextlib.suppress(OSError):
                pipe.close()


class Pool:
    """A fixed number of places for children; a place is empty until it is needed."""

    def __init__(self, size: int = POOL_SIZE) -> None:
        self._places: queue.LifoQueue[Child | None] = queue.LifoQueue()
        self.children: set[Child] = set()
        for _ in range(size):
            self._places.put(None)

    def run(self, data: bytes, limits: Limits) -> Answer:
        """Run one job in a free child; waits for one. Raises as `Child.run` does."""
        child = self._places.get()
        try:
            child = self._living(child)
            answer = child.run(data, limits)
            if answer[0].get("width", 0) * answer[0].get("height", 0) > RETIRE_PIXELS:
                child.close()
        finally:
            self._places.put(child)
        return answer

    def _living(self, child: Child | None) -> Child:
        if child is not None:
            if child.alive:
                return child
            self._retire(child)
        child = Child()
        self.children.add(child)
        return child

    def _retire(self, child: Child) -> None:
        child.close()
        self.children.discard(child)

    def close(self) -> None:
        for child in tuple(self.children):
            self._retire(child)


def _read(pipe: IO[bytes], size: int) -> bytes:
    if not 0 <= size <= MAX_BODY_BYTES:
        raise ValueError(f"an answer of {size} bytes is not believed")
    body = pipe.read(size)
    if len(body) < size:
        raise EOFError
    return body


_pool = Pool()


@atexit.register
def _close() -> None:
    _pool.close()


def _after_fork() -> None:
    """The children belong to the process that started them: begin with none."""
    global _pool  # noqa: PLW0603  # one pool a process
    for child in _pool.children:
        child.let_go()
        child.process.returncode = 0  # not ours to wait for
    _pool = Pool()


os.register_at_fork(after_in_child=_after_fork)


def decode(data: bytes, limits: Limits = Limits()) -> Decoded:  # noqa: B008  # frozen
    """Decode a picture in full and normalise it. Safe on any bytes and in any thread.

    Raises PictureRefusedError, whose sentence says what to do, and nothing else for bad data.
    """
    facts, *parts = _taken_apart(data, limits)
    try:
        return _decoded(data, facts, *parts)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise damaged() from error  # the child was talked into nonsense


def marks(data: bytes, limits: Limits = Limits()) -> Marks:  # noqa: B008  # frozen
    """A picture's marks alone, as bulk commands want them. Raises as `decode` does.

    A JPEG is decoded at the least size with 512 pixels on either side: its PDQ is then within 4
    bits of that of the full picture for 95 of 100 pictures.
    """
    facts, _, _, features = _taken_apart(data, replace(limits, marks_only=True))
    try:
        codes = Fingerprint.from_json(facts["fingerprint"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise damaged() from error
    return Marks(hashlib.sha256(data).hexdigest(), codes, features)


def _taken_apart(data: bytes, limits: Limits) -> Answer:
    check_bytes(data, limits)
    format_of(data)
    answer = _answer(data, limits)
    if "refused" in answer[0]:
        raise PictureRefusedError(str(answer[0]["refused"]), str(answer[0]["sentence"]))
    return answer


def _decoded(
    data: bytes, facts: dict[str, Any], png: bytes, thumbnail: bytes, features: bytes
) -> Decoded:
    return Decoded(
        format=str(facts["format"]),
        width=int(facts["width"]),
        height=int(facts["height"]),
        png=png,
        thumbnail=thumbnail,
        sha256=hashlib.sha256(data).hexdigest(),
        normalised_sha256=hashlib.sha256(png).hexdigest(),
        fingerprint=Fingerprint.from_json(facts["fingerprint"]),
        features=features,
        embedded=Embedded.from_json(facts["embedded"]),
    )


def _answer(data: bytes, limits: Limits) -> Answer:
    """Ask a child, and a second one if the first was killed: the picture need not be to blame."""
    for _ in range(2):
        try:
            return _pool.run(data, limits)
        except TimeoutError as error:
            raise too_slow() from error
        except ChildDiedError as error:
            if error.signal == signal.SIGXCPU:
                raise too_slow() from error
    raise damaged()
