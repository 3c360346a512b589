"""The records of rights and consent, a file per noun."""

from provenance.models.asking import (
    Ask,
    Block,
    ConsentLink,
    StandingAnswer,
)
from provenance.models.clearance import (
    Evaluation,
    FactsRecord,
    Resolution,
    Standing,
    StandingBasis,
)
from provenance.models.evidence import (
    Evidence,
)
from provenance.models.grant import (
    Action,
    CreatorNotice,
    Grant,
    GrantUse,
)
from provenance.models.image import (
    CustodyEntry,
    Image,
    ImageSet,
    PersonShown,
    SetImage,
)
from provenance.models.licence import (
    Licence,
    LicenceClaim,
    LicenceReading,
    PolicyRecord,
)
from provenance.models.merging import (
    PartyMerge,
)
from provenance.models.naming import (
    Namesake,
)
from provenance.models.party import (
    Contact,
    ContactCode,
    Delegation,
    Level,
    Party,
    PartyMember,
    PartyName,
)
from provenance.models.screening import (
    Bank,
    BankEntry,
    Exhibit,
    Features,
    Match,
    MatchBank,
    Protection,
    Screening,
)
from provenance.models.work import (
    CreditChoice,
    Dispute,
    Identifier,
    Layer,
    Reservation,
    TerritoryStatus,
    TitleLink,
    Work,
)

__all__ = [
    "Action",
    "Ask",
    "Bank",
    "BankEntry",
    "Block",
    "ConsentLink",
    "Contact",
    "ContactCode",
    "CreatorNotice",
    "CreditChoice",
    "CustodyEntry",
    "Delegation",
    "Dispute",
    "Evaluation",
    "Evidence",
    "Exhibit",
    "FactsRecord",
    "Features",
    "Grant",
    "GrantUse",
    "Identifier",
    "Image",
    "ImageSet",
    "Layer",
    "Level",
    "Licence",
    "LicenceClaim",
    "LicenceReading",
    "Match",
    "MatchBank",
    "Namesake",
    "Party",
    "PartyMember",
    "PartyMerge",
    "PartyName",
    "PersonShown",
    "PolicyRecord",
    "Protection",
    "Reservation",
    "Resolution",
    "Screening",
    "SetImage",
    "Standing",
    "StandingAnswer",
    "StandingBasis",
    "TerritoryStatus",
    "TitleLink",
    "Work",
]
