"""Read C2PA manifests (Content Credentials) that lie in the file. Nothing is fetched, ever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from provenance.intake.metadata.embedded import Signal, Training, UnreadableError, signal
from provenance.intake.metadata.xmp import code_of

if TYPE_CHECKING:
    from collections.abc import Iterator

BOX: Final = b"jumb"
"""The type of the boxes that hold manifests, in every format."""
STORE: Final = b"jumdc2pa"
"""How the box that describes a store of manifests begins; four bytes alone may be chance."""
MAX_JSON: Final = 8_000_000
SETTINGS: Final = {
    "core": {"allowed_network_hosts": []},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}
LABELS: Final = ("c2pa.training-mining", "cawg.training-mining")
ENTRIES: Final = ("ai_training", "ai_generative_training")
USES: Final[dict[object, Training]] = {
    "allowed": "allowed",
    "notAllowed": "prohibited",
    "constrained": "prohibited",
}
INTACT: Final = ("Valid", "Trusted")
"""A signer that nobody knows leaves a manifest "Valid": what it forbids still counts."""


@dataclass(frozen=True)
class Credentials:
    """What the manifests say of training, and of how the picture was made."""

    signals: tuple[Signal, ...] = ()
    digital_source_type: str = ""


def credentials_of(data: bytes, kind: str) -> Credentials | None:
    """None where the file has no manifest; UnreadableError where it has one that is not intact."""
    if BOX not in data:
        return None
    import c2pa

    with c2pa.Context.from_dict(SETTINGS) as context:
        try:
            with c2pa.Reader(f"image/{kind}", BytesIO(data), context=context) as reader:
                text = reader.json()
        except c2pa.C2paError.ManifestNotFound as error:
            if STORE in data:
                raise UnreadableError("a manifest that is not where it belongs") from error
            return None
        except c2pa.C2paError as error:
            raise UnreadableError(str(error)) from error
    if len(text) > MAX_JSON:
        raise UnreadableError("the manifest is too long")
    return _read(json.loads(text))


def _read(store: dict[str, Any]) -> Credentials:
    if store.get("validation_state") not in INTACT:
        codes = (str(one.get("code")) for one in store.get("validation_status", []))
        raise UnreadableError("the manifest is not intact: " + ", ".join(codes))
    active = store["active_manifest"]
    signals = tuple(
        found
        for label, manifest in store["manifests"].items()
        for found in _signals(manifest)
        if label == active or found.training != "allowed"  # an ingredient permits only itself
    )
    return Credentials(signals, _source_type(store["manifests"][active]))


def _signals(manifest: dict[str, Any]) -> Iterator[Signal]:
    for assertion in manifest.get("assertions", []):
        label = str(assertion.get("label")).partition("__")[0]
        if label not in LABELS:
            continue
        source = f"c2pa:{label}"
        entries = (assertion.get("data") or {}).get("entries")
        if not isinstance(entries, dict):
            yield signal(source, "no entries", "unreadable")
            continue
        for name, entry in entries.items():
            if name.rpartition(".")[2] in ENTRIES:
                yield _entry(source, name, entry if isinstance(entry, dict) else {})


def _entry(source: str, name: str, entry: dict[str, Any]) -> Signal:
    use, extra = entry.get("use"), entry.get("constraint_info") or entry.get("constraints_info")
    quote = f"{name}: {use}" + (f" ({extra})" if extra else "")
    return signal(source, quote, USES.get(str(use), "unreadable"))


def _source_type(manifest: dict[str, Any]) -> str:
    """The first digital source type that an action of the manifest names."""
    for assertion in manifest.get("assertions", []):
        if str(assertion.get("label")).startswith("c2pa.actions"):
            for action in (assertion.get("data") or {}).get("actions", []):
                if action.get("digitalSourceType"):
                    return code_of(str(action["digitalSourceType"]))
    return ""
