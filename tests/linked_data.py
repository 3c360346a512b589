"""Read JSON-LD answers back as a stranger's program would: with rdflib, from the document alone."""

from __future__ import annotations

import warnings
from unittest.mock import patch

from rdflib import RDF, Graph, Namespace, URIRef

from provenance.attribution.prov import CONTEXT, OWN, urn

PROV = Namespace("http://www.w3.org/ns/prov#")
IMP = Namespace(OWN)
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")


def read(answer) -> Graph:
    """The triples of an answer; its context stands in it, so that no address is looked up."""
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/ld+json"
    looked_up = AssertionError("an address was looked up")
    with patch("socket.getaddrinfo", side_effect=looked_up), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated")  # rdflib's own use
        return Graph().parse(data=answer.content.decode(), format="json-ld")


def require_closed(graph: Graph) -> None:
    """Everything that something is linked to is described in the same document."""
    links = {name.partition(":") for name, kind in CONTEXT.items() if kind == {"@type": "@id"}}
    names = {URIRef(str(PROV if prefix == "prov" else IMP) + name) for prefix, _, name in links}
    for _, link, thing in graph:
        if link in names:
            assert (thing, RDF.type, None) in graph, (link, thing)


def ref(record) -> URIRef:
    return URIRef(urn(record.pk))
