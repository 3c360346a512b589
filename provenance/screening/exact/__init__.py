"""Exact search among millions of 256-bit codes in a folder of files shared by many processes.

Finds every code within a distance, guaranteed (`bands`); knows codes and numbers, no pictures.
The files are a cache: the database is the truth, and `IndexBroken` says when to build them again.
Why it is made so, and what it costs: docs/adr/0008-exact-search.md.
"""

from provenance.screening.exact.distances import WIDEST, Codes, packed
from provenance.screening.exact.files import IndexBroken
from provenance.screening.exact.index import ExactIndex, Found

__all__ = ["WIDEST", "Codes", "ExactIndex", "Found", "IndexBroken", "packed"]
