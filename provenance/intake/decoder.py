"""The decoder's child: one hostile picture after another in, one clean picture each out.

Run by path with `python -I`; talks to `provenance.intake.decoding` over its pipes: a JSON line and
bytes in, a JSON line and bytes out. Ends when its standard input does.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # -I leaves the project out

from PIL import AvifImagePlugin, Image  # after the path is set

from provenance.intake.metadata import read
from provenance.intake.metadata.credentials import BOX
from provenance.intake.normalising import normalise
from provenance.intake.rules import Limits, PictureRefusedError, damaged
from provenance.screening.fingerprints import fingerprint
from provenance.screening.local import extract

if TYPE_CHECKING:
    from typing import BinaryIO

ADDRESS_SPACE = 1536 * 1024 * 1024
"""Bytes. 80 megapixels fit; 1,152 MB would not do."""
OPEN_FILES = 16
THUMBNAIL_SIDE = 256
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF")


Answer = tuple[dict[str, Any], bytes, bytes, bytes]


def work(data: bytes, limits: Limits) -> Answer:
    """Facts, the normalised picture as PNG, a thumbnail as JPEG, and its local features."""
    normalised = normalise(data, limits)
    picture = normalised.picture
    marks = {"fingerprint": fingerprint(picture).to_json()}
    if limits.marks_only:
        return marks, b"", b"", extract(picture).to_bytes()
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    facts = marks | {
        "format": normalised.format,
        "width": normalised.width,
        "height": normalised.height,
        "embedded": read(data, normalised.format).to_json(),
    }
    png, thumbnail = _encoded(picture, "PNG", compress_level=1), _encoded(small, "JPEG", quality=85)
    return facts, png, thumbnail, extract(picture).to_bytes()


def answer(data: bytes, limits: Limits) -> Answer:
    """What `work` says, or its refusal; a library's own error means the picture is damaged."""
    try:
        return work(data, limits)
    except PictureRefusedError as error:
        refusal = error
    except Exception:  # noqa: BLE001  # decoders raise nearly everything, MemoryError included
        refusal = damaged()
    return {"refused": refusal.code, "sentence": refusal.sentence}, b"", b"", b""


def _encoded(picture: Image.Image, kind: str, **options: int) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def warm_up() -> None:
    """Use each codec and hash once: they open files and import modules, later forbidden."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a thread's stack is address space too
    picture = Image.new("RGB", (32, 32), "red")
    for kind in FORMATS:
        # The box's name behind the picture makes the reader of manifests look for one.
        work(_encoded(picture, kind) + BOX, Limits())


def limit() -> None:
    """Bound memory, files and core dumps for good; processor time is bounded per job."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_seconds(seconds: float) -> None:
    """Move the soft limit of processor time so far ahead; beyond it the kernel ends the child."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Answer jobs until the parent closes the pipe or is gone."""
    while line := jobs.readline():
        job = json.loads(line)
        data = jobs.read(job["bytes"])
        if len(data) < job["bytes"]:
            return
        limits = Limits(**job["limits"])
        allow_seconds(limits.seconds)
        facts, *parts = answer(data, limits)
        head = {**facts, "parts": [len(part) for part in parts]}
        answers.write(json.dumps(head).encode() + b"\n" + b"".join(parts))
        answers.flush()


def main() -> None:
    """Make ready, give up what is not needed, and serve."""
    # Libraries print; only answers may reach the pipe.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warm_up()
    limit()
    try:
        serve(sys.stdin.buffer, answers)
    except BrokenPipeError:
        os._exit(1)  # the parent is gone; nobody is left to tell


if __name__ == "__main__":
    main()
