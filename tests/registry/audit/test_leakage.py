"""Leakage: figures that rise with what was put into the pictures, and gaps that are told."""

from __future__ import annotations

import json

import numpy as np
import pytest
from django.conf import settings
from PIL import Image as Pixels

from provenance.models import BankEntry, MatchBank, Party, Protection, Work
from registry.audit import style
from registry.audit.leakage import drawn, leakage
from registry.models import Revision
from tests.registry import records
from training.datasets.services import run_folder

SIDE = 32


def picture(seed, warmth):
    """Noise; the more `warmth` (0..1), the redder and the flatter."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(128, 60 * (1 - warmth) + 5, (SIDE, SIDE, 3))
    return np.clip(noise + np.array([90, -40, -70]) * warmth, 0, 255).astype(np.uint8)


def group(first, warmth, count=12):
    return [style.features(picture(first + i, warmth)) for i in range(count)]


def test_more_of_the_style_is_a_larger_shift_and_none_is_near_nought():
    ends = {"origin": group(0, 0.0), "target": group(100, 1.0)}
    found = [
        style.shift(group(200, warmth), group(300, 0.0), **ends) for warmth in (0, 0.3, 0.6, 1)
    ]
    shifts = [one.shift for one in found]
    assert shifts == sorted(shifts)
    assert abs(shifts[0]) < 0.1
    assert shifts[-1] == pytest.approx(1, abs=0.15)
    assert all(one.low <= one.shift <= one.high for one in found)
    assert [one.clear for one in found[1:]] == [True] * 3


def test_chance_alone_is_called_clear_in_few_cases():
    """Of groups of one kind, about 1 in 40 has an interval above 0; a bias would show in most."""
    clear = 0
    for case in range(60):
        first = 1000 * (case + 1)
        found = style.shift(
            group(first, 0), group(first + 50, 0),
            origin=group(first + 100, 0), target=group(first + 200, 0.5),
        )  # fmt: skip
        clear += found.clear
    assert clear <= 8


def test_too_few_pictures_and_one_place_give_no_figure():
    ends = {"origin": group(0, 0), "target": group(100, 1)}
    assert style.shift(group(200, 0, count=3), group(300, 0), **ends) is None
    alike = group(0, 0)
    assert style.shift(alike, alike, origin=alike, target=alike) is None


@pytest.fixture
def revision(open_run):
    return Revision(run=open_run)


def draw(run, prompt, kind, warmth, first, **more):
    """Add six pictures to what the model drew."""
    folder = run_folder(run) / "output" / "audit"
    folder.mkdir(exist_ok=True)
    path = folder / "audit.json"
    listed = json.loads(path.read_text()) if path.exists() else []
    for seed in range(first, first + 6):
        Pixels.fromarray(picture(seed, warmth)).save(folder / f"{seed}.png")
        one = {"file": f"audit/{seed}.png", "prompt": prompt, "seed": seed, "set": kind}
        listed.append(one | more)
    path.write_text(json.dumps(listed))


def draw_before(run):
    folder = run_folder(run) / "class_pictures"
    folder.mkdir()
    for seed in range(12):
        Pixels.fromarray(picture(5000 + seed, 0)).save(folder / f"{seed:064d}.png")


def test_a_run_that_kept_nothing_is_not_measured(revision, open_run):
    found = leakage(revision)
    assert "kept no list" in found["without_token"]["not_measured"]
    draw(open_run, "a drawing", "neutral", 0, 100)
    assert "pictures by the base" in leakage(revision)["names"]["not_measured"]
    path = run_folder(open_run) / "output" / "audit" / "audit.json"
    path.write_text('[{"file": "../../x.png", "prompt": "", "set": "token"}]')
    assert drawn(revision) == []


def test_the_token_and_a_name_are_measured_against_what_is_neutral(revision, open_run):
    person = Party.objects.create(kind="person", name="Mirelle Okonvask")
    work = Work.objects.create(title="Embers", source="human")
    work.creators.add(person)
    (settings.DATA_DIR / "warm").mkdir()
    for seed in range(6):
        image = records.store_picture(700 + seed)
        bank = MatchBank.of_kind(MatchBank.Kind.PROTECTED)
        entry = BankEntry.objects.create(bank=bank, image=image, quality=90, bank_version=1)
        Protection.objects.create(
            work=work, holder=person, image=image, entry=entry, reference=str(seed)
        )
        path = settings.MEDIA_ROOT / "normalised" / image.sha256[:2] / image.sha256[2:4]
        (path / f"{image.sha256}.png").unlink()
        Pixels.fromarray(picture(9000 + seed, 1)).save(path / f"{image.sha256}.png")
    draw_before(open_run)
    draw(open_run, "a drawing", "neutral", 0, 100)
    draw(open_run, "a vqzharbour drawing", "token", 0, 200)
    draw(open_run, "", "name", 0.8, 300, party=str(person.pk))
    found = leakage(revision)
    assert not found["without_token"]["clear"]
    assert found["without_token"]["with_the_token"]["pictures"] == 6
    (pull,) = found["names"]
    assert (pull["party"], pull["clear"]) == (str(person.pk), True)
    assert pull["low"] <= pull["shift"] <= pull["high"]
    assert pull["shift"] > 0.5
    assert found["names_against"] == "a neutral prompt"
    draw(open_run, "", "name", 0.9, 400, party="")
    found = leakage(revision)
    (pull,) = found["names"]
    assert found["names_against"] == "a made-up name"
    assert not pull["clear"], "as any made-up name does the same, it is no pull of this one"
