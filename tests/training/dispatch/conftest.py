from __future__ import annotations

import sys
from pathlib import Path

import pytest

from training.dispatch import runner

FAKE = Path(__file__).with_name("fake_trainer.py")


@pytest.fixture
def trainer(monkeypatch):
    """Lets a test say how each phase behaves; the product always runs the real modules."""

    def use(*, classes="class", train="train"):
        how = {runner.CLASS_PICTURES: classes, runner.TRAINER: train}
        monkeypatch.setattr(
            runner,
            "command_for",
            lambda module, folder: [
                sys.executable,
                str(FAKE),
                how[module],
                str(folder / "job.json"),
            ],
        )

    use()
    return use
