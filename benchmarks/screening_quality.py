"""How well edited copies are found, beside PDQ and pHash on the same pictures in the same run.

    python benchmarks/screening_quality.py --pictures FOLDER --out FOLDER

FOLDER has Debian's picture packages, unpacked (`apt-get download` and `dpkg-deb -x` those named in
benchmarks/screening/sources.py). Thresholds are those of the product; of the rivals they are set on
one set of strangers, as everything is reported on another. `--fit` prints the calibration instead.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.screening.measure import Bank, Meter, Seen, edited_strangers, edited_works
from benchmarks.screening.sources import PACKAGES, opened, sources, split
from provenance.screening.likeness import likeness
from provenance.screening.looks import Look
from provenance.screening.rules import Thresholds, evidence, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Method = Callable[[Seen], tuple[float, int]]

SEED = 4
WORST = 24
"""Pictures on a contact sheet."""


def ours(seen: Seen) -> tuple[float, int]:
    """Score and key of the surest candidate, as the product judges it."""
    judged = [judge(one, seen.quality) for one in seen.candidates]
    best = max(judged, key=lambda match: match.score)
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


def groups_of(bank: Bank) -> dict[int, int]:
    """Near-duplicates in the bank count as one work: by whole-picture code, never by features."""
    looks = {
        str(k): Look((c,), q) for k, (c, q) in enumerate(zip(bank.pdq, bank.qualities, strict=True))
    }
    alike = likeness(looks, {}).groups
    return {int(key): int(group[0]) for group in alike for key in group}


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
    return seen.source, bank.names[key], f"{seen.edit} {score:.3f}"


def curve(
    path: Path,
    positive: Sequence[Seen],
    negative: Sequence[Seen],
    methods: dict[str, tuple[Method, float]],
) -> None:
    """Recall against false matches on a logarithmic axis from 10^-4 to 1."""
    side, edge = 420, 50
    whole = Image.new("RGB", (side + 2 * edge, side + 2 * edge), "white")
    pen = ImageDraw.Draw(whole)
    pen.rectangle((edge, edge, edge + side, edge + side), outline="black")
    for tick in range(5):
        pen.text((edge + tick * side / 4 - 12, edge + side + 8), f"1e{tick - 4}", fill="black")
        pen.text((10, edge + side - tick * side / 4 - 6), f"{tick / 4:.2f}", fill="black")
    pen.text((edge + 120, edge + side + 26), "share of strangers matched", fill="black")
    for (name, (method, _)), colour in zip(
        methods.items(), ("crimson", "navy", "grey"), strict=True
    ):
        good = np.sort([method(one)[0] for one in positive])
        bad = np.sort([method(one)[0] for one in negative])
        bounds = np.unique(np.concatenate((good, bad)))
        recall = 1 - np.searchsorted(good, bounds) / len(good)
        false = np.maximum(1 - np.searchsorted(bad, bounds) / len(bad), 1e-4)
        points = [
            (edge + side * (math.log10(f) + 4) / 4, edge + side * (1 - r))
            for f, r in zip(false, recall, strict=True)
        ]
        pen.line(points, fill=colour, width=2)
        pen.text((edge + 250, edge + 300 + 16 * list(methods).index(name)), name, fill=colour)
    whole.save(path)


def fit(positive: Sequence[Seen], negative: Sequence[Seen]) -> None:
    """Logistic regression of the evidence, by Newton's method with a small ridge."""
    rows = [
        (evidence(one), seen.truth == one.key)
        for seen in (*positive, *negative)
        for one in seen.candidates
        if one.verified and (seen.truth in (None, one.key))
    ]
    x = np.array([row for row, _ in rows])
    y = np.array([hit for _, hit in rows], float)
    x = np.hstack([np.ones((len(x), 1)), x])
    w = np.zeros(x.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        weight = p * (1 - p) + 1e-6
        w += np.linalg.solve((x.T * weight) @ x + 0.05 * np.eye(len(w)), x.T @ (y - p) - 0.05 * w)
    print(f"{len(y)} candidates, {int(y.sum())} true; weights:", np.round(w, 3).tolist())


def main() -> int:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pictures", type=Path, default=Path("/usr/share"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--works", type=int, default=2_000)
    parser.add_argument("--per-edit", type=int, default=40)
    parser.add_argument("--strangers", type=int, default=3_000)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    works, first, second = split(sources(options.pictures), SEED)
    if len(works) < 100:
        print(f"Too few pictures in {options.pictures}: unpack {', '.join(PACKAGES)} there.")
        return 0
    bank = Bank()
    pictures = bank.fill(works, options.works)
    beside = [one for one in map(opened, first[:60]) if one is not None]
    meter = Meter(bank)
    positive = edited_works(meter, pictures, options.per_edit, beside)
    calibration = edited_strangers(meter, first[60:], options.strangers, 5)
    if options.fit:
        fit(positive, calibration)
        return 0
    reported = edited_strangers(meter, second, options.strangers, 6)
    bound = Thresholds().match_at
    methods: dict[str, tuple[Method, float]] = {
        "ours": (ours, bound),
        "PDQ": (pdq, threshold(pdq, calibration)),
        "pHash": (phash, threshold(phash, calibration)),
    }
    same = groups_of(bank)
    wrong = sum(
        1
        for seen in positive
        if ours(seen)[0] >= bound
        and same.get(ours(seen)[1], ours(seen)[1]) != same.get(seen.truth or 0, seen.truth)
    )
    false = [seen for seen in reported if ours(seen)[0] >= bound]
    cost = meter.cost
    lines = [
        f"{len(bank.names)} works; {len(positive)} edited works; {len(calibration)} strangers to "
        f"set the rivals' thresholds, {len(reported)} others to report on.",
        "",
        *table(positive, methods),
        "",
        "| strangers matched | "
        + " | ".join(
            f"{name} {sum(m(s)[0] >= b for s in reported)}" for name, (m, b) in methods.items()
        )
        + " |",
        f"Called possible: {sum(Thresholds().possible_at <= ours(s)[0] for s in reported)}, those "
        "that match included.",
        f"Another work than the true one came first: {wrong / len(positive):.3f}.",
        f"CPU against plain cv2.SIFT on the same pictures: fingerprints "
        f"{cost.fingerprint / cost.sift:.2f}, search and checks {cost.search / cost.sift:.2f} "
        f"({1000 * cost.sift / cost.pictures:.0f} ms).",
    ]
    print("\n".join(lines))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "results.md").write_text("\n".join(lines) + "\n")
        sheet(
            options.out / "false-matches.png",
            [shown(s, bank) for s in false[:WORST]],
        )
        missed = sorted((s for s in positive if ours(s)[0] < bound), key=lambda s: -ours(s)[0])
        sheet(
            options.out / "missed.png",
            [shown(s, bank) for s in missed[:WORST]],
        )
        curve(options.out / "roc.png", positive, reported, methods)
    return 0


if __name__ == "__main__":
    sys.exit(main())
