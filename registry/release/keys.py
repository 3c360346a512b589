"""Keys and certificates that sign releases beside the registry's own Ed25519 key.

OpenSSF model signatures need an elliptic-curve key, Content Credentials a certificate that no
authority issued: readers find the signature valid, and the signer unknown until they pin it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from ledger.signing import write_once

if TYPE_CHECKING:
    from pathlib import Path

YEARS = timedelta(days=3650)
USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
    "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def model_key() -> Path:
    """The P-256 key (PKCS#8 PEM) of OpenSSF model signatures, made on first use."""
    path: Path = settings.KEYS_DIR / "model.key"
    write_once(path, lambda: _private(ec.generate_private_key(ec.SECP256R1())))
    return path


def model_public_key() -> bytes:
    """Its public half, as PEM: what `model_signing verify key --public_key` takes."""
    key = load_pem_private_key(model_key().read_bytes(), password=None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def credentials() -> tuple[ed25519.Ed25519PrivateKey, str]:
    """The key of Content Credentials, and its certificates (PEM), made on first use.

    They lie in one file, so that no key is ever seen with another one's certificate.
    """
    path: Path = settings.KEYS_DIR / "credentials.pem"
    write_once(path, _new_credentials)
    text = path.read_text()
    key = load_pem_private_key(text.encode(), password=None)
    assert isinstance(key, ed25519.Ed25519PrivateKey)  # noqa: S101 - made below
    return key, text[text.index("-----BEGIN CERTIFICATE-----") :]


def _private(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _new_credentials() -> bytes:
    """A signer's key with a certificate by a root whose own key is not kept."""
    root, key = (ed25519.Ed25519PrivateKey.generate() for _ in range(2))
    chain = (_certificate(key, root), _certificate(root, root))
    return b"".join([_private(key), *(one.public_bytes(Encoding.PEM) for one in chain)])


def _certificate(key: ed25519.Ed25519PrivateKey, by: ed25519.Ed25519PrivateKey) -> x509.Certificate:
    """C2PA asks for a leaf below a root, for digital signatures, with an accepted purpose."""
    is_root, now = key is by, datetime.now(UTC)
    uses = {"key_cert_sign", "crl_sign"} if is_root else {"digital_signature"}
    made = (
        x509.CertificateBuilder()
        .subject_name(_name("root" if is_root else "releases"))
        .issuer_name(_name("root"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + YEARS)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{use: use in uses for use in USAGES}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
    )
    if not is_root:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        made = made.add_extension(purpose, critical=False)
    return made.sign(by, None)


def _name(role: str) -> x509.Name:
    site = settings.SITE_NAME[:50]
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, site),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{site} {role}"),
        ]
    )
