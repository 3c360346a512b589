"""Each gate is broken on purpose, and the story must fail at that gate's step, and only then.

The real story runs, with its server, workers and trainer, from a stored snapshot before the step
and with a 5-step training; `broken/sitecustomize.py` replaces one function in all its processes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.gates
ROOT = Path(__file__).parents[2]
BROKEN = Path(__file__).parent / "broken"


class Gate(NamedTuple):
    what: str
    step: str
    broken: str


GATES = [
    Gate(
        "pictures are compared with protected works",
        "b_stranger",
        "provenance.clearance.rules.pictures:_of_matches=lambda *_: []",
    ),
    Gate("names are checked", "b_stranger", "provenance.clearance.rules:_of_name=lambda *_: None"),
    Gate(
        "every holder must permit",
        "c_artists_yes",
        "provenance.clearance.rules.pictures:cover=lambda *_: []",
    ),
    Gate(
        "evidence must be checked",
        "d_curate",
        "provenance.clearance.rules.paths:TRUSTED=Known.SELF_DECLARED",
    ),
    Gate(
        "the applicant is not the reviewer, and a reviewer reviews",
        "d_review",
        "training.review.rules:allowed=lambda *_, **__: None",
    ),
    Gate(
        "flags need a decision",
        "d_review",
        "provenance.clearance.rules:_outcome=lambda findings: Outcome.CLEARED",
    ),
    Gate("a manifest is signed", "e_train", "ledger.signing:verify=lambda *_, **__: None"),
    Gate(
        "terms are accepted first",
        "g_download",
        "registry.downloads.selectors:has_accepted=lambda *_: True",
    ),
    Gate(
        "every byte is compared",
        "g_download",
        "tools.verify_release:_check_files=lambda *_: None",
    ),
    Gate(
        "a download reads its standing",
        "h_withdraw",
        "registry.downloads.selectors:holds=lambda *_, **__: True",
    ),
    Gate("the recall follows", "h_withdraw", "registry.recall.services:follow=lambda: 0"),
]
STEPS = list(dict.fromkeys(gate.step for gate in GATES))


def tell(data: Path, *arguments: str, broken: str = "") -> subprocess.CompletedProcess[str]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("IMPRIMATUR_", "DATABASE"))}
    environ |= {
        "IMPRIMATUR_DATA_DIR": str(data),
        "IMPRIMATUR_INSECURE_DEMO": "1",
        "IMPRIMATUR_STORY_STEPS": "5",
        "COLUMNS": "200",
    }
    if broken:
        environ |= {"PYTHONPATH": str(BROKEN), "BROKEN_GATE": broken}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folders as they are before each step; telling them shows each step unbroken, too."""
    shelf = tmp_path_factory.mktemp("story")
    live = shelf / "live"
    base = live / "bases" / "tiny-shapes"
    base.parent.mkdir(parents=True)
    for command in (
        ("-m", "training.dreambooth.build_base", str(base), "--steps", "4"),
        ("manage.py", "migrate", "-v0"),
        ("manage.py", "collectstatic", "--noinput", "-v0"),
    ):
        assert tell(live, *command).returncode == 0
    names = ["a_protect", *STEPS[:5], "f_release", *STEPS[5:]]
    for before, step in zip([None, *names], names, strict=False):
        if step in STEPS:
            shutil.copytree(live, shelf / step, symlinks=True)
        first = [] if before is None else ["--from", step]
        told = tell(live, "-m", "story", *first, "--to", step)
        assert told.returncode == 0, told.stdout + told.stderr
    return shelf


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.what.replace(" ", "-"))
def test_the_story_fails_where_a_gate_is_broken(
    snapshots: Path, tmp_path: Path, gate: Gate
) -> None:
    data = tmp_path / "data"
    shutil.copytree(snapshots / gate.step, data, symlinks=True)
    told = tell(data, "-m", "story", "--from", gate.step, "--to", gate.step, broken=gate.broken)
    assert told.returncode == 1, told.stdout + told.stderr
    assert "The story failed at step" in told.stdout
    shutil.rmtree(data)


def test_an_unknown_step_is_refused_by_name(tmp_path: Path) -> None:
    told = tell(tmp_path, "-m", "story", "--from", "z_end")
    assert told.returncode == 1
    assert "There is no step 'z_end'. The steps are a_protect" in told.stderr
