"""The records of rights and consent, a file per noun."""

from provenance.models.clearance import (
    Evaluation,
    FactsRecord,
    Resolution,
    Standing,
    StandingBasis,
)
from provenance.models.consent import Action, Ask, Grant, Licence, LicenceClaim
from provenance.models.evidence import Evidence
from provenance.models.image import Image, ImageSet, SetImage
from provenance.models.party import Level, Party, PartyMember, PartyName
from provenance.models.screening import Bank, Match, Protection, Screening
from provenance.models.work import Holding, Reservation, Work

__all__ = [
    "Action",
    "Ask",
    "Bank",
    "Evaluation",
    "Evidence",
    "FactsRecord",
    "Grant",
    "Holding",
    "Image",
    "ImageSet",
    "Level",
    "Licence",
    "LicenceClaim",
    "Match",
    "Party",
    "PartyMember",
    "PartyName",
    "Protection",
    "Reservation",
    "Resolution",
    "Screening",
    "SetImage",
    "Standing",
    "StandingBasis",
    "Work",
]
