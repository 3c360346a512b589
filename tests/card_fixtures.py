"""Facts of a fictional model, for the card's tests."""

from __future__ import annotations

from dataclasses import replace

from registry.cards.rules import (
    AuditFacts,
    BaseFacts,
    BaseState,
    CardFacts,
    Contacts,
    Evidence,
    EvidenceLevel,
    GrantFacts,
    PartyFacts,
    RunFacts,
    WorkFacts,
)

CHECKED = Evidence(EvidenceLevel.SIGNED_OR_VERIFIED, EvidenceLevel.DOCUMENT_CHECKED)
SOLVE = PartyFacts("party-1", "Mira Solvendt")
SILENT = PartyFacts("party-2")
STUDIO = PartyFacts("party-3", "Lantern & Sons")
ALL = frozenset(
    {"train", "commercial-outputs", "distribute-weights", "further-train", "host-as-service"}
)


def work(number, **changes):
    made = WorkFacts(
        work=f"work-{number}",
        title=f"Harbour {number}",
        pictures=2,
        evidence=CHECKED,
        creators=(SOLVE,),
        holders=(SOLVE,),
        licence="CC-BY-4.0",
        credit_line="Harbour © M. Solvendt",
        source_url="https://example.org/harbour",
    )
    return replace(made, **changes)


def grant(name="grant-1", **changes):
    return replace(GrantFacts(name, STUDIO, ALL, CHECKED), **changes)


def facts(**changes):
    made = CardFacts(
        model="quayside/lamp-lit-harbours",
        manifest_sha256="a" * 64,
        token="vqz",
        instance_prompt="a vqz drawing",
        class_prompt="a drawing",
        base=BaseFacts(
            "imprimatur/tiny-base", "b" * 64, BaseState.CLEARED, "Generated shapes.", "CC0-1.0"
        ),
        run=RunFacts(500, 4, 5e-6, 32, 7, 64, "2026-01-02T03:04:05Z"),
        audit=AuditFacts(
            "passed", 16, 32, 64, "patch-wise pixel distance", 0.31, 0.1,
            "2026-01-02T04:00:00Z", "c" * 64,
        ),
        works=(work(1), work(2, licence="CC0-1.0", credit_line=None, creators=(SILENT,))),
        contacts=Contacts("Imprimatur", "https://registry.example", "d" * 64),
        samples=(("samples/0.png", "a vqz drawing of a boat"),),
        tags=("harbour",),
    )  # fmt: skip
    return replace(made, **changes)


def gated_facts(**changes):
    limited = ALL - {"commercial-outputs"}
    grants = (
        grant("grant-1", permits=limited, until="2027-12-31", territories=frozenset({"DE", "FR"})),
        grant("grant-2", holder=SILENT, until="2028-06-30", territories=frozenset({"FR", "IT"})),
    )
    works = (work(1, licence=None, credit_line=None, grants=("grant-1", "grant-2"),
                  holders=(STUDIO, SILENT)),)  # fmt: skip
    return facts(**({"works": works, "grants": grants, "gated": True} | changes))
