"""The training set as a Croissant 1.0 dataset with its RAI vocabulary. Pure.

The pictures themselves are not part of a release: the records are the rows of
`provenance/pictures.csv`, each with a picture's digest and what its use rests on.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from registry.cards.rules.audited import NOT_CHECKED
from registry.cards.rules.material import COLUMNS, PICTURES, pictures_csv
from registry.cards.rules.sections import DECLARED
from registry.cards.rules.text import plain

if TYPE_CHECKING:
    from registry.cards.rules.facts import CardFacts
    from registry.cards.rules.licence import ModelLicence
    from registry.cards.rules.material import Material

CONFORMS = ("http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0")
TERMS = (
    "column", "data", "dataType", "equivalentProperty", "extract", "field", "fileObject",
    "fileProperty", "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5",
    "parentField", "path", "recordSet", "references", "regex", "repeated", "replace",
    "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in TERMS},
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}
ABOUT = {
    "sha256": "Digest of the picture as it was received.",
    "pdq": "PDQ perceptual hash, 256 bits.",
    "work": "Opaque id of the work that the picture shows.",
    "licence": "SPDX identifier of the licence it is used under; empty: by grants alone.",
    "grants": "Opaque ids of the permissions it is used under, blanks between.",
    "verdict": "The clearance verdict when the set was approved.",
}


def croissant(facts: CardFacts, licence: ModelLicence, material: Material) -> dict[str, Any]:
    """The JSON-LD document, beside the table that it describes."""
    table = PICTURES.rsplit("/", 1)[-1]
    page = f"{facts.contacts.url}/{facts.model}"
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS),
        "name": f"training-set-{facts.manifest_sha256[:12]}",
        "description": (
            f"The {facts.pictures} pictures of {len(facts.works)} works that {plain(facts.model)} "
            "was trained on: digests and permissions, not the pictures themselves."
        ),
        "url": page,
        "version": "1.0.0",
        "datePublished": plain(facts.audit.checked_at),
        "license": sorted(terms.url for terms in licence.licences) or [f"{page}#licence"],
        "citeAs": f"{plain(facts.model)}, training manifest sha256 {facts.manifest_sha256}",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": table,
                "name": table,
                "contentUrl": table,
                "encodingFormat": "text/csv",
                "sha256": hashlib.sha256(pictures_csv(material).encode()).hexdigest(),
            }
        ],
        "recordSet": [_records(table)],
        **_responsible(facts, material),
    }


def _records(table: str) -> dict[str, Any]:
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"pictures/{column}",
            "name": column,
            "description": ABOUT[column],
            "dataType": "sc:Text",
            "source": {"fileObject": {"@id": table}, "extract": {"column": column}},
        }
        for column in COLUMNS
    ]
    return {"@type": "cr:RecordSet", "@id": "pictures", "name": "pictures", "field": fields}


def _responsible(facts: CardFacts, material: Material) -> dict[str, Any]:
    """The RAI properties. What is not on record is said to be unknown."""
    between = " to ".join(material.collected) if material.collected else "dates not on record"
    people = (
        f"{material.people} pictures are declared to show people who can be recognised; of "
        f"{material.undeclared} nobody said. Names of people are not part of this document."
    )
    return {
        "rai:dataCollection": (
            "Each picture was added by a person, with its work, its holders and where the copy "
            f"came from ({between}); permissions are what licences and holders say."
        ),
        "rai:dataUseCases": ["Fine-tuning this model with DreamBooth."],
        "rai:dataLimitations": [DECLARED, *(f"Not checked: {item}." for item in NOT_CHECKED)],
        "rai:dataBiases": "Unknown: nobody measured it. A small set shows what its curator chose.",
        "rai:personalSensitiveInformation": people,
        "rai:dataSocialImpact": "Unknown: nobody assessed it.",
        "rai:dataReleaseMaintenancePlan": (
            "A revision never changes. A holder can withdraw a permission; the registry then "
            f"stops serving the model, at {facts.contacts.url}/{facts.model}."
        ),
    }
