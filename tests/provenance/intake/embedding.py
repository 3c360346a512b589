"""Metadata written into small pictures, as the programs of photographers write it."""

from __future__ import annotations

import datetime as dt
import json
import struct
import zlib
from functools import cache
from io import BytesIO

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.provenance.intake.pictures import chunk, encoded, scene

KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")
VOCABULARY = "http://ns.useplus.org/ldf/vocab/"
NAMESPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
    'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" '
    'xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:iptc="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
)


def packet(inner: str = "", attributes: str = "") -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta '
        f'xmlns:x="adobe:ns:meta/"><rdf:RDF {NAMESPACES}><rdf:Description rdf:about="" '
        f'{attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def mining(value: str) -> bytes:
    return packet(attributes=f'plus:DataMining="{value}"')


def with_xmp(kind: str, xmp: bytes) -> bytes:
    if kind == "PNG":
        return in_png(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    if kind == "TIFF":
        return encoded(scene(), kind, tiffinfo={700: xmp})
    return encoded(scene(), kind, xmp=xmp)


def in_png(name: bytes, body: bytes) -> bytes:
    """A PNG with another chunk before its end."""
    data = encoded(scene(), "PNG")
    return data[:-12] + chunk(name, body) + data[-12:]


def packed_in_png(xmp: bytes) -> bytes:
    return in_png(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp))


def in_jpeg(*bodies: bytes) -> bytes:
    """A JPEG with APP1 segments after its beginning."""
    data = encoded(scene(), "JPEG")
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(one) + 2) + one for one in bodies)
    return data[:2] + segments + data[2:]


def extended(guid: str, xmp: bytes, size: int = 60_000) -> list[bytes]:
    """The segments of an extended packet."""
    return [
        b"http://ns.adobe.com/xmp/extension/\0"
        + guid.encode()
        + struct.pack(">II", len(xmp), at)
        + xmp[at : at + size]
        for at in range(0, len(xmp), size)
    ]


STANDARD = b"http://ns.adobe.com/xap/1.0/\0"


def _named(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nobody Known"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _certificate(key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey) -> bytes:
    is_root = key is by
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(_named("root" if is_root else "signer"))
        .issuer_name(_named("root"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_root,
                key_cert_sign=is_root,
                crl_sign=is_root,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
    )
    if not is_root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        made = made.add_extension(usage, critical=False)
    return made.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@cache
def _signer() -> tuple[bytes, bytes]:
    """A chain of certificates that nobody trusts, and its key."""
    root, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return _certificate(key, root) + _certificate(root, root), pem


def credentialed(kind: str, *assertions: dict, data: bytes | None = None) -> bytes:
    """A picture with a C2PA manifest of these assertions, said to be new."""
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    made = {"action": "c2pa.created", "digitalSourceType": source}
    actions = {"label": "c2pa.actions", "data": {"actions": [made]}}
    return _signed(kind, data or encoded(scene(), kind), _builder(actions, *assertions))


def edited(kind: str, data: bytes) -> bytes:
    """A picture with another manifest, of which the one it has is the parent."""
    builder = _builder()
    builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
    return _signed(kind, data, builder)


def _builder(*assertions: dict) -> c2pa.Builder:
    generator = [{"name": "tests", "version": "1"}]
    return c2pa.Builder(
        json.dumps({"claim_generator_info": generator, "assertions": list(assertions)})
    )


def _signed(kind: str, data: bytes, builder: c2pa.Builder) -> bytes:
    chain, key = _signer()
    info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=chain, private_key=key, ta_url=None)
    out = BytesIO()
    builder.sign(c2pa.Signer.from_info(info), f"image/{kind.lower()}", BytesIO(data), out)
    return out.getvalue()


def no_training(label: str = "cawg", use: str = "notAllowed", **more: str) -> dict:
    entries = {f"{label}.ai_generative_training": {"use": use, **more}}
    return {"label": f"{label}.training-mining", "data": {"entries": entries}}
