r"""The OpenSSF model signature over every file of a package, as `model_signing` checks it.

    model_signing verify key DIR --signature DIR/provenance/model.sig \\
        --public_key DIR/provenance/model-signing.pem

It is written last and covers the signed list too. It is no part of what names a revision: ECDSA
signatures differ each time, and a revision's id must not.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from registry.release.keys import model_key
from registry.release.rules import MODEL_SIGNATURE

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = (MODEL_SIGNATURE, ".cache")
"""The signature itself, and what the Hub's client leaves in a download folder."""


def sign_model(folder: Path) -> None:
    """Sign the package that lies in `folder`; the folder's name stands in the signature."""
    from model_signing import hashing, signing  # slow to import, and only builders need it

    config = hashing.Config().set_ignored_paths(  # type: ignore[no-untyped-call]
        paths=LEFT_OUT, ignore_git_paths=True
    )
    path = folder / MODEL_SIGNATURE
    signer = signing.Config().set_hashing_config(config)  # type: ignore[no-untyped-call]
    signer.use_elliptic_key_signer(private_key=model_key()).sign(folder, path)
    path.write_bytes(canonical(json.loads(path.read_text())))
    path.chmod(0o644)


def canonical(bundle: dict[str, Any]) -> bytes:
    """One way to write a bundle, with the smaller of ECDSA's two values.

    So a checker can refuse every other way, and nobody can change a byte that still verifies.
    """
    for signature in bundle["dsseEnvelope"]["signatures"]:
        r, s = decode_dss_signature(base64.b64decode(signature["sig"]))
        s = min(s, SECP256R1.group_order - s)
        signature["sig"] = base64.b64encode(encode_dss_signature(r, s)).decode()
    return (json.dumps(bundle, indent=1, sort_keys=True) + "\n").encode()
