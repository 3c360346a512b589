"""How well edited copies are found, beside PDQ and pHash on the same pictures in the same run.

    python benchmarks/screening_quality.py --pictures FOLDER --out FOLDER

FOLDER has Debian's picture packages, unpacked (`apt-get download` and `dpkg-deb -x` those named in
benchmarks/screening/sources.py). Works and strangers of one half fit the product's score
(`--fit FILE` prints the weights, and writes how often which threshold errs) and set the rivals'
thresholds; all that is reported is of the other half.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.screening.measure import Bank, Cost, Meter, Seen, edited_strangers, edited_works
from benchmarks.screening.sources import PACKAGES, opened, sources, split
from provenance.screening.exact import packed
from provenance.screening.rules import Thresholds, evidence, is_flat, screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Method = Callable[[Seen], tuple[float, int]]

SEED = 4
FEWEST = 100
WORST = 24
"""Pictures on a contact sheet."""
ALIKE = 31
"""Bits of PDQ between copies."""


def ours(seen: Seen) -> tuple[float, int]:
    """Score and key of the surest candidate, as the product judges it."""
    best = screen(seen.quality, seen.candidates).matches[0]
    return best.score, best.candidate.key


def pdq(seen: Seen) -> tuple[float, int]:
    """PDQ of eight turned and mirrored versions; higher is nearer."""
    best = min(seen.candidates, key=lambda one: one.pdq_distance)
    return -best.pdq_distance, best.key


def phash(seen: Seen) -> tuple[float, int]:
    """The pHash of imagehash, upright."""
    return -seen.phash[1], seen.phash[0]


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % confidence interval of a share."""
    z, share = 1.96, hits / of
    middle = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def threshold(method: Method, strangers: Iterable[Seen], allowed: float = 1e-3) -> float:
    """The lowest score that at most that share of strangers reaches."""
    scores = sorted((method(one)[0] for one in strangers), reverse=True)
    return scores[int(allowed * len(scores))] + 1e-9


def groups_of(bank: Bank) -> list[int]:
    """Of each work the first that its whole-picture code calls the same: copies in the bank."""
    codes = packed(bank.pdq)
    return [int((np.bitwise_count(codes ^ one).sum(axis=1) <= ALIKE).argmax()) for one in codes]


def table(found: Sequence[Seen], methods: dict[str, tuple[Method, float]]) -> list[str]:
    """Recall by edit, by group and in the mean, in Markdown."""
    rows: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for seen in found:
        for name, (method, bound) in methods.items():
            hit = method(seen)[0] >= bound
            for row in (f"{seen.group}: {seen.edit}", f"**{seen.group}, all**"):
                rows[row][name].append(hit)
    lines = [
        f"| edit | {' | '.join(methods)} | 95 % of the first |",
        "|" + "---|" * (len(methods) + 2),
    ]
    for row, by in sorted(rows.items()):
        first = next(iter(by.values()))
        low, high = wilson(sum(first), len(first))
        shares = " | ".join(f"{np.mean(hits):.3f}" for hits in by.values())
        lines.append(f"| {row} | {shares} | {low:.2f} to {high:.2f} of {len(first)} |")
    per_edit = [
        [np.mean(by[name]) for row, by in rows.items() if "all**" not in row] for name in methods
    ]
    lines.append(f"| **mean over edits** | {' | '.join(f'{np.mean(e):.3f}' for e in per_edit)} | |")
    return lines


def sheet(path: Path, pairs: Sequence[tuple[str, str, str]]) -> None:
    """A contact sheet: query's source, what it was taken for, a caption."""
    side, text = 180, 26
    rows = max(1, math.ceil(len(pairs) / 3))
    whole = Image.new("RGB", (3 * (2 * side + 20), rows * (side + text)), "white")
    pen = ImageDraw.Draw(whole)
    for place, (left, right, caption) in enumerate(pairs):
        x, y = place % 3 * (2 * side + 20), place // 3 * (side + text)
        for at, name in enumerate((left, right)):
            with Image.open(name) as file:
                picture = file.convert("RGBA")
            picture.thumbnail((side, side))
            whole.paste(picture.convert("RGB"), (x + at * side, y), picture)
        pen.text((x, y + side + 4), caption, fill="black")
    whole.save(path)


def shown(seen: Seen, bank: Bank) -> tuple[str, str, str]:
    """A query, what it was taken for, and how surely."""
    score, key = ours(seen)
    return seen.source, str(bank.sources[key].path), f"{seen.edit} {score:.3f}"


def curve(
    path: Path,
    positive: Sequence[Seen],
    negative: Sequence[Seen],
    methods: dict[str, tuple[Method, float]],
) -> None:
    """Recall against false matches."""
    axes = Figure(figsize=(6, 5)).subplots()
    for name, (method, _) in methods.items():
        good = np.sort([method(one)[0] for one in positive])
        bad = np.sort([method(one)[0] for one in negative])
        bounds = np.unique(np.concatenate((good, bad)))
        false = 1 - np.searchsorted(bad, bounds) / len(bad)
        axes.step(
            np.maximum(false, 1e-4), 1 - np.searchsorted(good, bounds) / len(good), label=name
        )
    axes.set(xscale="log", xlabel="share of strangers matched", ylabel="share of copies found")
    axes.legend()
    axes.figure.savefig(path, dpi=90)


def fit(path: Path, positive: Sequence[Seen], negative: Sequence[Seen]) -> None:
    """Logistic regression of the evidence, by Newton's method with a small ridge."""
    rows = [
        (evidence(one, flat=is_flat(one, seen.quality)), seen.truth == one.key)
        for seen in (*positive, *negative)
        for one in seen.candidates
        if one.verified and (seen.truth in (None, one.key))
    ]
    x = np.array([row for row, _ in rows])
    y = np.array([hit for _, hit in rows], float)
    x = np.hstack([np.ones((len(x), 1)), x])
    w = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        weight = p * (1 - p) + 1e-6
        w += np.linalg.solve((x.T * weight) @ x + 0.05 * np.eye(len(w)), x.T @ (y - p) - 0.05 * w)
    print(f"{len(y)} candidates, {int(y.sum())} true; weights:", np.round(w, 2).tolist())
    path.write_text(json.dumps(calibration(positive, negative), indent=1) + "\n")


def calibration(positive: Sequence[Seen], negative: Sequence[Seen]) -> dict[str, object]:
    """How often which threshold errs, as provenance/screening/calibration.json keeps it."""
    scores = {
        group: np.array([ours(one)[0] for one in positive if one.group == group])
        for group in ("ordinary", "hard")
    }
    strangers = np.array([ours(one)[0] for one in negative])
    rows = [
        [
            at,
            int((strangers >= at).sum()),
            *(round(float((s >= at).mean()), 4) for s in scores.values()),
        ]
        for at in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
    ]
    return {
        "version": Thresholds().version, "strangers": len(negative), "copies": len(positive),
        "rows": rows,
    }  # fmt: skip


def main() -> int:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=Path, default=Path("/usr/share"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--works", type=int, default=2_000)
    parser.add_argument("--per-edit", type=int, default=40)
    parser.add_argument("--strangers", type=int, default=3_000)
    parser.add_argument("--fit", type=Path, metavar="FILE")
    options = parser.parse_args()
    works, first, second = split(sources(options.pictures), SEED)
    if len(works) < FEWEST:
        print(f"Too few pictures in {options.pictures}: unpack {', '.join(PACKAGES)} there.")
        return 0
    bank = Bank()
    bank.fill(works, options.works)
    beside = [one for one in map(opened, first[:60]) if one is not None]
    meter, halves = Meter(bank), [list(range(n, len(bank.sources), 2)) for n in (0, 1)]
    fitting = edited_strangers(meter, first[60:], options.strangers, 5)
    if options.fit:
        fit(options.fit, edited_works(meter, halves[0], options.per_edit, beside), fitting)
        return 0
    meter.cost = Cost()
    positive = edited_works(meter, halves[1], options.per_edit, beside)
    reported = edited_strangers(meter, second, options.strangers, 6)
    methods: dict[str, tuple[Method, float]] = {
        "ours": (ours, Thresholds().match_at),
        "PDQ": (pdq, threshold(pdq, fitting)),
        "pHash": (phash, threshold(phash, fitting)),
    }
    lines = report(meter, positive, reported, methods)
    print("\n".join(lines))
    if options.out:
        write(options.out, bank, lines, positive, reported, methods)
    return 0


def report(
    meter: Meter,
    positive: Sequence[Seen],
    reported: Sequence[Seen],
    methods: dict[str, tuple[Method, float]],
) -> list[str]:
    """The tables, in Markdown."""
    method, bound = methods["ours"]
    same, cost = groups_of(meter.bank), meter.cost
    found = [(one, method(one)) for one in positive]
    wrong = sum(score >= bound and same[key] != same[one.truth or 0] for one, (score, key) in found)
    return [
        f"{len(meter.bank.sources)} works; {len(positive)} edited works; {len(reported)} edited "
        "strangers; the rivals' thresholds were set on others.",
        "",
        *table(positive, methods),
        "",
        "Strangers matched: "
        + ", ".join(f"{n} {sum(m(s)[0] >= b for s in reported)}" for n, (m, b) in methods.items())
        + f"; called possible: {sum(method(s)[0] >= Thresholds().possible_at for s in reported)}, "
        "those that match included.",
        f"Another work than the true one came first: {wrong / len(positive):.3f}.",
        f"CPU against plain cv2.SIFT on the same pictures: fingerprints "
        f"{cost.fingerprint / cost.sift:.2f}, search and checks {cost.search / cost.sift:.2f} "
        f"({1000 * cost.sift / cost.pictures:.0f} ms).",
    ]


def write(
    folder: Path,
    bank: Bank,
    lines: Sequence[str],
    positive: Sequence[Seen],
    reported: Sequence[Seen],
    methods: dict[str, tuple[Method, float]],
) -> None:
    """The tables, the curve, and what was missed and falsely matched as contact sheets."""
    folder.mkdir(parents=True, exist_ok=True)
    bound = methods["ours"][1]
    (folder / "results.md").write_text("\n".join(lines) + "\n")
    false = [one for one in reported if ours(one)[0] >= bound]
    missed = sorted((s for s in positive if ours(s)[0] < bound), key=lambda s: -ours(s)[0])
    for name, some in (("false-matches", false), ("missed", missed)):
        sheet(folder / f"{name}.png", [shown(one, bank) for one in some[:WORST]])
    curve(folder / "roc.png", positive, reported, methods)


if __name__ == "__main__":
    sys.exit(main())
