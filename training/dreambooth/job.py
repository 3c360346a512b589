"""Read a job file: the manifest's path and options, each checked before anything is loaded.

`python -m training.dreambooth.job` writes the schema and the table of options anew.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rfc8785

from training.dreambooth.options import OPTIONS, Option, Tuning, schema, table, weights_options
from training.dreambooth.progress import RefusedError

SCHEMA = Path(__file__).with_name("job.schema.json")
PRESETS = Path(__file__).with_name("presets.json")
DOCS = Path(__file__).parents[2] / "docs" / "training.md"
STANDARD = "standard"


@dataclass(frozen=True)
class Job:
    """One run: its folder's paths, all siblings of the manifest, and its tuning."""

    manifest: Path
    tuning: Tuning
    preset: str = ""
    """Kind and pace, as "style/quick"; empty where the job names none."""

    def beside(self, name: str) -> Path:
        return self.manifest.parent / name

    @property
    def sha256(self) -> str:
        """The digest of the options that the weights depend on."""
        return hashlib.sha256(rfc8785.dumps(weights_options(self.tuning))).hexdigest()


def read_job(path: Path) -> Job:
    """The job in the JSON file `path`; an unknown key or a value out of limits is refused."""
    try:
        body = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise RefusedError("job_unreadable", f"The job file cannot be read: {error}.") from error
    if not isinstance(body, dict) or not isinstance(body.get("manifest"), str):
        raise RefusedError("job_manifest", 'The job must be a JSON object with a "manifest" path.')
    manifest = Path(body.pop("manifest"))
    preset, filled = _preset(body)
    unknown = sorted(set(body) - set(OPTIONS))
    if unknown:
        raise RefusedError(
            "job_key",
            f"The job may not say {', '.join(unknown)}: besides manifest, preset and pace it holds "
            f"only {', '.join(sorted(OPTIONS))}.",
        )
    options = filled | body
    for name, value in options.items():
        _check(name, value, *OPTIONS[name])
    tuning = Tuning(**options)
    _check_together(tuning)
    return Job((path.parent / manifest).absolute(), tuning, preset)


def presets() -> dict[str, Any]:
    """Kind -> what it is for, and pace -> options, what it gives and what it costs."""
    found: dict[str, Any] = json.loads(PRESETS.read_bytes())
    return found


def _preset(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    kind, pace = body.pop("preset", None), body.pop("pace", None)
    if kind is None and pace is None:
        return "", {}
    known = presets()
    paces = known[kind]["paces"] if isinstance(kind, str) and kind in known else None
    pace = STANDARD if pace is None else pace
    if paces is None or pace not in list(paces):
        raise RefusedError(
            "job_preset",
            f"There is no preset {kind!r} at the pace {pace!r}: choose one of {', '.join(known)} "
            "and quick, standard or thorough.",
        )
    return f"{kind}/{pace}", dict(paces[pace]["options"])


def _check(name: str, value: object, option: Option, default: object) -> None:
    if option.choices:
        if value not in list(option.choices):
            raise RefusedError(
                "job_value", f"{name} is {value!r}; choose one of {', '.join(option.choices)}."
            )
        return
    kind = type(default).__name__
    wanted = {"bool": (bool,), "int": (int,), "float": (int, float)}[kind]
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind != "bool"):
        shown = {"bool": "true or false", "int": "a whole number", "float": "a number"}[kind]
        raise RefusedError("job_value", f"{name} must be {shown}, not {value!r}.")
    if option.low is None or option.high is None or not isinstance(value, int | float):
        return
    if not math.isfinite(value) or not option.low <= value <= option.high:
        raise RefusedError(
            "job_value",
            f"{name} is {value} ({option.unit}); choose a value from {option.low:g} to "
            f"{option.high:g}.",
        )


def _check_together(tuning: Tuning) -> None:
    """Options that are each in order, but not with one another."""
    if tuning.precision == "fp16" and tuning.device == "cpu":
        raise RefusedError("job_together", "fp16 needs a GPU: choose bf16 or fp32 on the CPU.")
    if tuning.text_learning_rate and not tuning.train_text_encoder:
        raise RefusedError(
            "job_together",
            "text_learning_rate counts only with train_text_encoder: set it to true.",
        )


def published() -> tuple[str, str]:
    """The schema's file and the table's page, as they must be."""
    paces = {kind: list(preset["paces"]) for kind, preset in presets().items()}
    text = json.dumps(schema(paces), indent=1) + "\n"
    page = DOCS.read_text(encoding="utf-8")
    filled = re.sub(
        r"(?s)(<!-- options -->\n).*?(<!-- end -->)",
        lambda found: f"{found[1]}{table()}\n{found[2]}",
        page,
    )
    return text, filled


if __name__ == "__main__":
    schema_text, page_text = published()
    SCHEMA.write_text(schema_text, encoding="utf-8")
    DOCS.write_text(page_text, encoding="utf-8")
