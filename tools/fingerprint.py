"""Fingerprint pictures where they are, so that works can be protected without being sent.

    python tools/fingerprint.py FOLDER > marks.jsonl

Prints one JSON line a picture: its name, PDQ, quality and local features (base64). Protect them
with `manage.py protect marks.jsonl --holder NAME`, or send each line to `/api/v1/protections/`.
Nothing is sent anywhere by this program. It needs this project's folder beside it, and Pillow,
numpy, opencv-python-headless, ImageHash. Ends with 1 if a picture could not be read, with
2 if there was none.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # there is a process for each core

from provenance.intake.normalising import normalise  # after the path is set
from provenance.intake.rules import Limits, PictureRefusedError
from provenance.screening.fingerprints import fingerprint
from provenance.screening.local import extract, kept


def mark(path: Path) -> dict[str, object]:
    """What the registry compares of one picture. Raises OSError or PictureRefusedError."""
    picture = normalise(path.read_bytes(), Limits()).picture
    codes = fingerprint(picture)
    features = kept(extract(picture, twice=False).to_bytes())
    return {
        "reference": path.stem,
        "pdq": codes.pdq,
        "quality": codes.quality,
        "features": base64.b64encode(features).decode(),
    }


def marked(path: Path) -> dict[str, object] | str:
    """The mark, or what is wrong with the file."""
    try:
        return mark(path)
    except (OSError, PictureRefusedError, SyntaxError, ValueError) as error:
        return str(error)


def main(names: list[str]) -> int:
    """Print a line for each picture; say on standard error what could not be read."""
    paths = [
        path
        for name in names
        for path in (sorted(Path(name).rglob("*")) if Path(name).is_dir() else [Path(name)])
        if not path.is_dir()
    ]
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    failed = 0
    with ProcessPoolExecutor(min(len(paths), os.cpu_count() or 1)) as processes:
        for number, found in enumerate(processes.map(marked, paths), start=1):
            print(f"\r{number} of {len(paths)}", end="", file=sys.stderr)
            if isinstance(found, str):
                failed += 1
                print(f"\n{paths[number - 1]}: {found}. Left out.", file=sys.stderr)
            else:
                print(json.dumps(found))
    print(file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
