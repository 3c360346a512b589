"""Every text that could make a person's name a model's name, and where the one rule is asked.

A test walks this list: the function must exist, and a protected name at each surface must be found.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Surface:
    """`place` is one of `rules.places.PLACES`; `asked` is the function that asks."""

    name: str
    place: str
    asked: str
    when: str


REQUEST = "training.review.selectors.use_of"
AUDIT = "registry.audit.naming.texts_of"
FREE_NAME = "registry.release.pointing.require_free_name"
SURFACES = (
    Surface("user name", "user", "provenance.naming.validators.not_a_protected_name", "sign-up"),
    Surface("owner or organisation of a model", "owner", REQUEST, "at every gate"),
    Surface("model name, which is its slug and title", "name", REQUEST, "at every gate"),
    Surface("set name", "set", REQUEST, "at every gate"),
    Surface("token", "token", REQUEST, "at every gate"),
    Surface("instance, class and sample prompts", "prompt", REQUEST, "at every gate"),
    Surface("captions of single pictures", "caption", REQUEST, "at every gate"),
    Surface("new name of a model", "name", FREE_NAME, "when it is renamed"),
    Surface("name of an import", "name", FREE_NAME, "when it is brought in"),
    Surface(
        "purpose, the card's free text",
        "card",
        "registry.cards.selectors.facts_of",
        "at the rendering, which leaves it out",
    ),
    Surface("file names", "file", AUDIT, "at the audit, before a package is built"),
    Surface("safetensors metadata", "metadata", AUDIT, "at the audit, before a package is built"),
)
"""Not listed because nobody can type them here: tags and the rest of a card (rendered from
records), example prompts (the sample prompts), redirects (names that were free when they were
taken). Whoever adds such a text adds it here."""
