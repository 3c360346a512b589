"""A trainer for tests: says what it is told to, obeys SIGTERM, and uses no torch."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image


def emit(**line):
    print(json.dumps(line), flush=True)  # noqa: T201 - its parent reads it


def stop(*_):
    emit(event="error", code="stopped", message="The run was stopped by SIGTERM.")
    os._exit(3)


def class_pictures(folder):
    (folder / "class_pictures").mkdir(exist_ok=True)
    names = []
    for shade in (10, 200):
        buffer = BytesIO()
        Image.linear_gradient("L").point(lambda v, s=shade: (v * s) % 256).save(buffer, "PNG")
        names.append(hashlib.sha256(buffer.getvalue()).hexdigest())
        (folder / "class_pictures" / f"{names[-1]}.png").write_bytes(buffer.getvalue())
    emit(event="done", pictures=names)


def train(folder, steps):
    for step in range(1, steps + 1):
        emit(event="progress", phase="train", step=step, steps=steps, loss=1 / step)
    samples = folder / "output" / "samples"
    samples.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), (9, 9, 9)).save(samples / "00-0.png")
    listed = [{"file": "00-0.png", "prompt": "zorblat", "seed": 0}]
    (samples / "samples.json").write_text(json.dumps(listed))
    drawn = {"file": "samples/00-0.png", "prompt": "zorblat", "seed": 0, "set": "token"}
    (folder / "output" / "audit").mkdir(exist_ok=True)
    (folder / "output" / "audit" / "audit.json").write_text(json.dumps([drawn]))
    losses = {"pictures": [{"sha256": "0" * 64, "before": 0.4, "after": 0.1}], "class_pictures": []}
    (folder / "output" / "losses.json").write_text(json.dumps(losses))
    emit(event="done", loss=0.1)


def main(how, job):
    folder = Path(job).parent
    if how != "stubborn":
        signal.signal(signal.SIGTERM, stop)
    else:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if how == "class":
        class_pictures(folder)
    elif how == "train":
        train(folder, 5)
    elif how in ("forever", "stubborn"):
        (folder / "checkpoints" / "step-1").mkdir(parents=True, exist_ok=True)
        emit(event="note", code="resumed", message="It goes on from step 1.")
        (folder / "started").write_text(str(os.getpid()))
        emit(event="progress", phase="train", step=1, steps=100, loss=1.0)
        while True:
            time.sleep(0.05)
    elif how == "fail":
        emit(event="error", code="out_of_memory", message="There is not enough memory.")
        sys.exit(4)
    elif how == "silent":
        print("Traceback: something", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    elif how == "liar":
        sys.exit(0)


main(*sys.argv[1:])
