"""Local features: find a picture in another one, however it was cut, turned or pasted, and where.

Pure: no Django, no database. `extract` makes `Features` of a picture in the decoder's child;
`LocalIndex` holds those of listed pictures and finds them in a query; `verify` compares two.
"""

from provenance.screening.local.features import VERSION, Features, extract
from provenance.screening.local.geometry import Verified, covered, verify
from provenance.screening.local.index import Found, LocalIndex

__all__ = [
    "VERSION",
    "Features",
    "Found",
    "LocalIndex",
    "Verified",
    "covered",
    "extract",
    "kept",
    "verify",
]


def kept(features: bytes) -> bytes:
    """Of packed features those that a listed picture keeps; nothing stays nothing."""
    return Features.from_bytes(features).kept().to_bytes() if features else b""
