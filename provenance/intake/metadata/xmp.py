"""Read XMP packets by namespace, whatever their shape: attributes, elements, lists, structures."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser

from provenance.intake.metadata.embedded import Signal, Training, UnreadableError, signal

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 50_000
RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PLUS: Final = "{http://ns.useplus.org/ldf/xmp/1.0/}"
IPTC: Final = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
RIGHTS: Final = "{http://ns.adobe.com/xap/1.0/rights/}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
NOTE: Final = "{http://ns.adobe.com/xmp/note/}"
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"

NAMES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "creators": ((f"{DC}creator", ""), (f"{PLUS}ImageCreator", f"{PLUS}ImageCreatorName")),
    "owners": ((f"{PLUS}CopyrightOwner", f"{PLUS}CopyrightOwnerName"), (f"{RIGHTS}Owner", "")),
    "licensors": ((f"{PLUS}Licensor", f"{PLUS}LicensorName"),),
    "persons": (
        (f"{IPTC}PersonInImage", ""),
        (f"{IPTC}PersonInImageWDetails", f"{IPTC}PersonName"),
    ),
}
"""Field: the properties that name somebody, and the field within, where they are structures."""
ARTWORK: Final = ("Title", "Creator", "CurrentCopyrightOwnerName", "CopyrightNotice")
"""Of what the picture shows besides: read of IPTC's fields AOTitle and so on."""
TEXTS: Final = {
    "credit_line": "{http://ns.adobe.com/photoshop/1.0/}Credit",
    "copyright_notice": f"{DC}rights",
    "usage_terms": f"{RIGHTS}UsageTerms",
    "web_statement": f"{RIGHTS}WebStatement",
}
CODES: Final = {
    "digital_source_type": f"{IPTC}DigitalSourceType",
    "model_release": f"{PLUS}ModelReleaseStatus",
    "property_release": f"{PLUS}PropertyReleaseStatus",
    "minor_age": f"{PLUS}MinorModelAgeDisclosure",
}
DATA_MINING: Final[dict[str, Training | None]] = {
    "DMI-UNSPECIFIED": None,
    "DMI-ALLOWED": "allowed",
    "DMI-PROHIBITED": "prohibited",
    "DMI-PROHIBITED-AIMLTRAINING": "prohibited",
    "DMI-PROHIBITED-GENAIMLTRAINING": "prohibited",
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": "prohibited",
    "DMI-PROHIBITED-SEECONSTRAINT": "conditional",
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": "conditional",
}
"""The PLUS vocabulary for plus:DataMining."""


class _Bounded:
    """Builds the tree while it is shallow and small enough."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.depth = self.elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Any:
        self.depth += 1
        self.elements += 1 + len(attributes)
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise UnreadableError("too deep or too many elements")
        return self.builder.start(tag, attributes)

    def end(self, tag: str) -> Any:
        self.depth -= 1
        return self.builder.end(tag)

    def data(self, text: str) -> Any:
        return self.builder.data(text)

    def close(self) -> Any:
        return self.builder.close()


class Packet:
    """One parsed XMP packet. Making it raises almost anything for hostile bytes."""

    def __init__(self, raw: bytes) -> None:
        parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
        parser.feed(_decoded(raw))
        self.root: Element = parser.close()
        self.nodes = [node for rdf in self.root.iter(f"{RDF}RDF") for node in rdf]
        if not self.nodes and not any(True for _ in self.root.iter(f"{RDF}RDF")):
            raise UnreadableError("no RDF in the packet")

    def names(self, field: str) -> Iterator[str]:
        """The names in one of the fields of NAMES."""
        for name, inner in NAMES[field]:
            if not inner:
                yield from self.values(name)
                continue
            for element in self._elements(name):
                yield from _anywhere(element, inner)

    def artworks(self) -> Iterator[str]:
        """Each work that the picture shows besides itself, as people write it."""
        for element in self._elements(f"{IPTC}ArtworkOrObject"):
            for one in element.findall(f"*/{RDF}li"):
                title, *people = (", ".join(_anywhere(one, f"{IPTC}AO{name}")) for name in ARTWORK)
                yield " · ".join(filter(None, [title or "a work of art", *people]))

    def values(self, name: str) -> Iterator[str]:
        """The values of a property of the picture itself."""
        for node in self.nodes:
            if name in node.attrib:
                yield node.attrib[name]
        for element in self._elements(name):
            yield from _values(element)

    def text(self, name: str) -> str:
        """A property's first value that is not blank, or ""."""
        return next((value for value in self.values(name) if value.strip()), "")

    def code(self, name: str) -> str:
        """The code at the end of a vocabulary's address."""
        return code_of(self.text(name))

    def signals(self) -> Iterator[Signal]:
        """Reservations anywhere in the packet, in what the picture was made from included."""
        for value in _anywhere(self.root, f"{PLUS}DataMining"):
            training = DATA_MINING.get(code_of(value).upper(), "unreadable")
            if training is not None:
                yield signal("xmp:plus:DataMining", value, training)
        for value in _anywhere(self.root, f"{PLUS}OtherConstraints"):
            if value.strip():
                yield signal("xmp:plus:OtherConstraints", value, "conditional")

    @property
    def extended(self) -> str:
        """The GUID of the extended XMP that belongs to this packet, or ""."""
        return self.text(f"{NOTE}HasExtendedXMP").strip()

    @property
    def provenance(self) -> str:
        """The address of a C2PA manifest kept elsewhere, or ""."""
        return self.text("{http://purl.org/dc/terms/}provenance").strip()

    def _elements(self, name: str) -> Iterator[Element]:
        return (child for node in self.nodes for child in node if child.tag == name)


def code_of(value: str) -> str:
    """`DMI-ALLOWED` of `http://ns.useplus.org/ldf/vocab/DMI-ALLOWED`, or of itself."""
    return value.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2]


def _anywhere(root: Element, name: str) -> Iterator[str]:
    for element in root.iter():
        if name in element.attrib:
            yield element.attrib[name]
        if element.tag == name:
            yield from _values(element)


def _values(element: Element) -> list[str]:
    """Of a list each item, of a choice of languages the default, else the one value."""
    for child in element:
        if child.tag == f"{RDF}Alt":
            return _default([item for item in child if item.tag == f"{RDF}li"])
        if child.tag in {f"{RDF}Bag", f"{RDF}Seq"}:
            return [_text(item) for item in child if item.tag == f"{RDF}li"]
    return [_text(element)]


def _default(items: list[Element]) -> list[str]:
    chosen = [item for item in items if item.get(LANGUAGE) == "x-default"] or items
    return [_text(item) for item in chosen[:1]]


def _text(element: Element) -> str:
    """A reference, a qualified value, or the text within."""
    for described in (element, *element.findall(f"{RDF}Description")):
        for name in (f"{RDF}resource", f"{RDF}value"):
            if name in described.attrib:
                return described.attrib[name]
    value = element.find(f".//{RDF}value")
    return "".join((element if value is None else value).itertext()).strip()


def _decoded(raw: bytes) -> str:
    """The packet as text: UTF-8, or UTF-16 and UTF-32 told by their first bytes."""
    head = raw[:4]
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        text = raw.decode("utf-32")
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode("utf-16")
    elif head[:1] == b"\0":
        text = raw.decode("utf-16-be")
    elif head[1:2] == b"\0":
        text = raw.decode("utf-16-le")
    else:
        text = raw.decode("utf-8")
    return text.strip("\ufeff\0 \t\r\n")
