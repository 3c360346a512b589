"""Local features: find a work in a picture that was cut, turned, framed or pasted, and show where.

Pure: pixels and arrays in, keys and polygons out; no Django, no database, no clock.

    features = extract(pixels)                 # uint8 array (height, width, 3), any size
    blob = features.kept().to_bytes()          # what a protected work stores, about 23 KB
    index = LocalIndex()
    index.add("work-1", Features.from_bytes(blob))
    for found in index.search(features):       # surest first
        found.key, found.inliers, found.score, found.polygon_in_query, found.polygon_in_work
    index.remove("work-1")
    index.save(folder); LocalIndex.load(folder)  # memory-mapped, shared by processes

A query uses `extract(...)` whole (about 400 keypoints), a protected work `.kept()` (at most 170).
Polygons are corners in fractions of the picture's width and height. `VERSION` names the route;
features of another version must not be compared. Every public function here may raise
`DamagedFileError` on bytes that are not what this package wrote, and nothing else.
"""

from provenance.screening.local.features import VERSION, DamagedFileError, Features
from provenance.screening.local.index import Found, LocalIndex
from provenance.screening.local.sift import extract

__all__ = ["VERSION", "DamagedFileError", "Features", "Found", "LocalIndex", "extract"]
