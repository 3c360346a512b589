"""Two statements that laws ask of developers, filled in from the records. Pure.

Each opens with whether the law applies, as far as that can be computed; what cannot be known is
said. Neither says that anything is lawful. They follow the European Commission's template for the
summary of training content (Regulation (EU) 2024/1689, article 53(1)(d); July 2025) and the list
in California's Civil Code, section 3111 (AB 2013).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from registry.cards.rules.licence import LICENCES
from registry.cards.rules.text import code, markdown, plain

if TYPE_CHECKING:
    from registry.cards.rules.facts import CardFacts
    from registry.cards.rules.licence import ModelLicence
    from registry.cards.rules.material import Material

GPAI_FLOP = 1e23
"""The Commission's indicative criterion for a general-purpose model (guidelines of July 2025)."""
UNKNOWN = "Unknown: it is not on record here."
NO_ADVICE = (
    "Generated from the registry's records. It is no legal advice, and claims no conformity."
)
CATEGORIES = (  # the template's rows for data sources that this registry does not take in
    ("2.3 Data crawled and scraped from online sources", "None by this registry."),
    ("2.4 User data", "None: prompts and uses of the model are not collected."),
)


def upper_flop(facts: CardFacts, material: Material) -> float:
    """More operations than the fine-tuning can have taken: 6 a parameter and pixel seen.

    Each step sees `batch_size` pictures, twice as many with prior preservation; no parameter of
    the denoiser works more than once a pixel, as it works on latents of fewer places.
    """
    pictures = facts.run.steps * facts.run.batch_size * (2 if facts.run.class_pictures else 1)
    return 6.0 * material.parameters * pictures * facts.run.resolution**2


def eu_summary(facts: CardFacts, licence: ModelLicence, material: Material) -> str:
    """The summary of the content used for training, section by section of the template."""
    flop = upper_flop(facts, material)
    side = "below" if flop < GPAI_FLOP else "not below"
    lines = [
        (
            f"**Applicability: the fine-tuning took at most {flop:.1e} floating-point operations, "
            f"{side} the indicative 1e23 of a general-purpose model. Whether it took more than a "
            "third of what the base model's training took, which would make its maker a provider, "
            "is unknown: the base's figure is not on record.**"
        ),
        "",
        f"# Summary of training content of {markdown(facts.model)}",
        "",
        NO_ADVICE,
        "",
        "## 1. General information",
        "",
        f"- Provider: the account that owns {markdown(facts.model)} at "
        f"{markdown(facts.contacts.registry)}. Its legal name and contact: {UNKNOWN}",
        f"- Model: {markdown(facts.model)}, training manifest sha256 {code(facts.manifest_sha256)}",
        f"- Modified from: {markdown(facts.base.name)}, sha256 {code(facts.base.sha256)}",
        f"- Date of this training: {plain(facts.run.trained_at)}",
        f"- Modality and size: {facts.pictures} images (less than 1 million), with "
        f"{facts.texts} different short texts as captions",
        f"- Latest date of acquisition: {_last(material)}",
        "- Languages of the texts, and where people shown come from: unknown, nobody recorded it",
        "",
        "## 2. List of data sources",
        "",
        "This covers the fine-tuning. What the base was trained on: "
        + (markdown(facts.base.statement, 2000) or UNKNOWN),
        "",
        *_sources(facts, material),
        "## 3. Data processing",
        "",
        "- 3.1 Reservations of rights: reservations registered here, and opt-outs embedded in a "
        "file or its headers, block a picture unless its evidenced holder permits its use. "
        "Reservations stated elsewhere, such as on a site that nobody read: unknown",
        "- 3.2 Illegal content: nobody looked for it by machine; a reviewer approved the set",
        f"- 3.3 Other: each picture was used under a licence or grant; licence of the result: "
        f"{markdown(licence.name or licence.hub)}",
    ]
    return "\n".join(lines) + "\n"


def _last(material: Material) -> str:
    return material.collected[1] if material.collected else UNKNOWN


def _sources(facts: CardFacts, material: Material) -> list[str]:
    licensed = sum(work.pictures for work in facts.works if work.licence)
    granted = facts.pictures - licensed
    lines = [
        f"- 2.1 Publicly available datasets: {_public(facts, licensed)}",
        f"- 2.2 Private datasets of third parties: {granted} pictures, by "
        f"{len(facts.grants)} permissions of their rights-holders",
        *(f"- {name}: {answer}" for name, answer in CATEGORIES),
        f"- 2.5 Synthetic data: {facts.run.class_pictures} class pictures, made by the base model",
        f"- 2.6 Other: {material.undeclared} pictures of which nobody said whether they show "
        "people",
        "",
    ]
    hosts = sorted({_host(work.source_url) for work in facts.works} - {""})
    if hosts:
        lines[1:1] = [f"  - where copies came from: {', '.join(map(markdown, hosts))}"]
    return lines


def _public(facts: CardFacts, licensed: int) -> str:
    names = sorted({LICENCES[work.licence].name for work in facts.works if work.licence})
    return f"{licensed} pictures under {', '.join(names)}" if names else "none"


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


def _captions(facts: CardFacts) -> str:
    own = len(facts.captions)
    if not own:
        return "Still pictures; one caption, the instance prompt, for all of them."
    others = " Any other has the instance prompt." if own < facts.pictures else ""
    return f"Still pictures; {own} with captions of their own, typed by the curator.{others}"


def ab_2013(facts: CardFacts, licence: ModelLicence, material: Material) -> str:
    """California's documentation of training data, point by point of section 3111."""
    return "\n".join([_california(licence), "", *_points(facts, material)]) + "\n"


def _california(licence: ModelLicence) -> str:
    where = licence.territories
    if where is not None and "US" not in where:
        listed = ", ".join(sorted(where))
        return (
            f"**Applicability: the permissions cover {listed} only, not the United States, and "
            "nobody may make the model available to people in California under them. Whether "
            "somebody does is unknown: downloads are not blocked by country.**"
        )
    return (
        "**Applicability: section 3111 applies where the model is made available to people in "
        "California, and nothing in its permissions excludes them. Whether an exception of "
        "section 3111(b) holds for its maker is unknown.**"
    )


def _points(facts: CardFacts, material: Material) -> list[str]:
    names = sorted({LICENCES[work.licence].name for work in facts.works if work.licence})
    hosts = sorted({_host(work.source_url) for work in facts.works} - {""})
    free = all(work.licence in ("CC0-1.0", "LicenseRef-PDM-1.0") for work in facts.works)
    collected = " to ".join(material.collected) if material.collected else UNKNOWN
    answers = (
        (
            "Sources or owners",
            f"{len(facts.works)} works; holders as they wish to be named are listed in README.md "
            f"and credits.json. Copies came from: {', '.join(map(markdown, hosts)) or UNKNOWN}",
        ),
        ("How they further the purpose", "They are what the model is fine-tuned to draw."),
        ("Number of data points", f"{facts.pictures} pictures"),
        ("Types of data points", _captions(facts)),
        (
            "Copyright, trademark, patent",
            "All are in the public domain, as their licences state."
            if free
            else "They include works protected by copyright. Trademarks and patents: unknown.",
        ),
        (
            "Purchased or licensed",
            f"Licensed: {', '.join(names) or 'no public licence'}; {len(facts.grants)} permissions "
            "of holders. Whether anything was paid is not told here.",
        ),
        (
            "Personal information (section 1798.140)",
            f"{material.people} pictures are declared to show people who can be recognised; of "
            f"{material.undeclared} nobody said.",
        ),
        ("Aggregate consumer information", UNKNOWN),
        (
            "Cleaning and processing",
            "Pictures are decoded, turned upright, converted to RGB and scaled to "
            f"{facts.run.resolution} pixels a side; near copies are reported to the curator.",
        ),
        ("When the data were collected", f"{collected}. Collection is not ongoing."),
        ("First used", f"In the training that ended {plain(facts.run.trained_at)}."),
        (
            "Synthetic data",
            f"{facts.run.class_pictures} class pictures made by the base model, to keep what it "
            "knew of the class."
            if facts.run.class_pictures
            else "None in this fine-tuning.",
        ),
    )
    lines = [f"# Training data of {markdown(facts.model)} (California Civil Code, 3111)", ""]
    lines += [NO_ADVICE, "", "This covers the fine-tuning. What the base was trained on: "]
    lines[-1] += markdown(facts.base.statement, 2000) or UNKNOWN
    numbered = [f"{n}. **{what}.** {answer}" for n, (what, answer) in enumerate(answers, 1)]
    return [*lines, "", *numbered]
