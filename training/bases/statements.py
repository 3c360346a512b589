"""What is publicly known of well-known bases, and which models can be no base at all. Pure.

A template fills in what an operator does not say. Sources are named so that each sentence can be
checked; what nobody has published is said to be unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RAIL_RULES = (
    "Not for breaking laws, harming minors, false or defamatory content, harassment, medical "
    "advice, or decisions about people's rights (the licence's Attachment A); whoever passes the "
    "weights on must pass these rules on."
)
PICTURES = "Research and art: making pictures from text. Not for facts about people or events."


@dataclass(frozen=True)
class Statement:
    """What is said of a base: its terms, what it was trained on, what it is for."""

    licence: str
    cleared: str
    provenance: str
    restrictions: str = ""
    """Rules of use that the licence passes on to every model made of it; empty: none."""
    intended_use: str = PICTURES


TEMPLATES = {
    "stable-diffusion-1": Statement(
        "creativeml-openrail-m",
        "uncleared",
        "Trained on LAION-2B-en and subsets of it (laion-high-resolution, laion-aesthetics v2 5+): "
        "addresses of pictures found on the web, whose creators and rights-holders were not asked. "
        "Sources: model card, https://huggingface.co/CompVis/stable-diffusion-v1-4; data set, "
        "https://arxiv.org/abs/2210.08402.",
        RAIL_RULES,
    ),
    "stable-diffusion-2": Statement(
        "openrail++",
        "uncleared",
        "Trained on LAION-5B and subsets of it, filtered for nudity (punsafe 0.1): addresses of "
        "pictures found on the web, whose creators and rights-holders were not asked. Sources: "
        "model card, https://huggingface.co/stabilityai/stable-diffusion-2; data set, "
        "https://arxiv.org/abs/2210.08402.",
        RAIL_RULES,
    ),
    "stable-diffusion-xl": Statement(
        "openrail++",
        "unknown",
        "Its makers have not published what it was trained on (“an internal dataset”). Sources: "
        "model card, https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0; report, "
        "https://arxiv.org/abs/2307.01952.",
        RAIL_RULES,
    ),
}
"""For the Stable Diffusion family, by the name to give to `register_base --statement`."""

CLOSED = ("dall-e", "midjourney", "imagen", "firefly", "gpt-image", "ideogram")
"""Generators whose weights are not published, spelt without blanks and in small letters."""


def why_no_base(name: str) -> str:
    """Why `name` can never be a base here; empty for any other name."""
    plain = (
        re.sub(r"[\s_]+", "-", name.lower()).replace("dalle", "dall-e").replace("dall·e", "dall-e")
    )
    if not any(re.search(rf"(?<![a-z]){closed}(?![a-z])", plain) for closed in CLOSED):
        return ""
    return (
        f"“{name}” can be no base: its weights are not published, so nothing can be trained on it. "
        "A picture that it made may be in a set, with the generator named as its origin."
    )
