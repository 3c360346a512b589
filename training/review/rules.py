"""Who may do what with a request, and when: one table, read by commands, pages and docs alike.

Pure. The states are those of `training.models.Request.State`; a test holds them equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from provenance.attribution.places import expanded, unknown_places
from provenance.consent.rules import PURPOSES
from training.datasets.rules import says

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

STATES = ("draft", "submitted", "returned", "approved", "rejected", "closed", "revoked")
FREEZING = ("submitted", "approved", "revoked")
"""States in which a request keeps its set frozen."""


@dataclass(frozen=True)
class Command:
    """One thing that can be done: by whom, from which states, and the state it leads to."""

    name: str
    label: str
    by: Literal["applicant", "reviewer"]
    sources: tuple[str, ...]
    target: str | None = None


COMMANDS = (
    Command("edit", "Change the draft", "applicant", ("draft", "returned")),
    Command("check", "Check the set again", "applicant", ("draft", "returned", "submitted")),
    Command("rehearse", "Dry run", "applicant", ("draft", "returned", "submitted")),
    Command("submit", "Submit for review", "applicant", ("draft", "returned"), "submitted"),
    Command("close", "Take it back", "applicant", ("draft", "returned", "submitted"), "closed"),
    Command("resolve", "Resolve flags", "reviewer", ("submitted",)),
    Command("approve", "Approve", "reviewer", ("submitted",), "approved"),
    Command("return", "Return for changes", "reviewer", ("submitted",), "returned"),
    Command("reject", "Reject", "reviewer", ("submitted",), "rejected"),
    Command("revoke", "Take the approval back", "reviewer", ("approved",), "revoked"),
)
BY_NAME = {command.name: command for command in COMMANDS}


@dataclass(frozen=True)
class Refusal:
    """Why a command may not be given: a stable code and a sentence with what to do."""

    code: Literal["not_your_request", "role_missing", "own_request", "wrong_state"]
    sentence: str
    remedy: str


def allowed(
    command: str, *, state: str, roles: Collection[str], is_applicant: bool
) -> Refusal | None:
    """None where `command` may be given; else why not.

    `is_applicant` is true for whoever made the request or owns its set: nobody reviews these,
    whatever roles they have.
    """
    wanted = BY_NAME[command]
    if wanted.by == "applicant" and not is_applicant:
        return Refusal(
            "not_your_request",
            "Only the applicant may do this with a request.",
            "Ask the applicant, or return the request with a reason.",
        )
    if wanted.by == "reviewer" and is_applicant:
        return Refusal(
            "own_request",
            "Nobody reviews a request or a set of their own, whatever roles they have.",
            "Ask another reviewer.",
        )
    if wanted.by == "reviewer" and "reviewer" not in roles:
        return Refusal(
            "role_missing",
            "This needs the role of a reviewer, which you do not have.",
            "An operator can give it.",
        )
    if state not in wanted.sources:
        return Refusal(
            "wrong_state",
            f"This request is {state}; “{wanted.label.lower()}” needs it to be "
            f"{' or '.join(wanted.sources)}.",
            "Load the page again to see where it stands now.",
        )
    return None


def allowed_commands(*, state: str, roles: Collection[str], is_applicant: bool) -> list[str]:
    """The commands that would not be refused, in the table's order."""
    return [
        command.name
        for command in COMMANDS
        if allowed(command.name, state=state, roles=roles, is_applicant=is_applicant) is None
    ]


@dataclass(frozen=True)
class Draft:
    """What the applicant fills in."""

    base: str
    model_name: str
    token: str
    instance_prompt: str
    class_prompt: str
    sample_prompts: tuple[str, ...]
    purpose: str
    purposes: tuple[str, ...] = ()
    """Kinds of purpose; a permission that is for some kinds only needs them."""
    commercial: bool = False
    gated: bool = False
    territories: tuple[str, ...] = ("world",)
    captions: dict[str, str] = field(default_factory=dict)
    """File name -> what that picture is trained under, in place of the instance prompt."""
    preset: str = ""
    """What is taught, by the names in the trainer's presets.json; empty for the steps alone."""
    pace: str = "standard"
    resource: str = "cpu"
    steps: int = 500
    seed: int = 0


DRAFT_FIELDS = tuple(one.name for one in fields(Draft))
MODEL_NAME = re.compile(r"(?!.*(--|\.\.))[A-Za-z0-9_]([A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")
PACES = ("quick", "standard", "thorough")
MOST_SAMPLES = 8
MOST_STEPS = 100_000
MOST_SEED = 2**31 - 1
LONGEST = {"token": 40, "instance_prompt": 300, "class_prompt": 300, "purpose": 500}


def faults(draft: Draft) -> dict[str, str]:
    """What is wrong with a draft, a sentence a field; empty where it may be kept."""
    return dict(_faults(draft))


def _faults(draft: Draft) -> Iterator[tuple[str, str]]:
    if not MODEL_NAME.fullmatch(draft.model_name) or draft.model_name.endswith((".git", ".ipynb")):
        yield "model_name", "Use letters, digits, “-”, “_” and “.” only, at most 96 of them."
    for name, longest in LONGEST.items():
        value: Any = getattr(draft, name)
        if not value.strip() or len(value) > longest:
            yield name, f"Write something here, at most {longest} characters."
    if draft.token.split() != [draft.token]:
        yield "token", "A token is one word without blanks, such as “mosaicfox”."
    elif not says(draft.instance_prompt, draft.token):
        yield "instance_prompt", f"The prompt must contain the token “{draft.token}” as a word."
    if draft.token and says(draft.class_prompt, draft.token):
        yield (
            "class_prompt",
            "The class prompt is the same picture without the token: leave it out.",
        )
    yield from _list_and_number_faults(draft)


def _list_and_number_faults(draft: Draft) -> Iterator[tuple[str, str]]:
    prompts = draft.sample_prompts
    if not 1 <= len(prompts) <= MOST_SAMPLES or not all(0 < len(p.strip()) <= 300 for p in prompts):  # noqa: PLR2004 - as long as any prompt
        yield "sample_prompts", f"Give 1 to {MOST_SAMPLES} prompts of at most 300 characters."
    if not draft.territories or unknown_places(expanded(draft.territories)):
        yield "territories", "Write “world”, EU, EEA, or country codes of two capital letters."
    if any(not 0 < len(caption.strip()) <= 300 for caption in draft.captions.values()):  # noqa: PLR2004 - as long as any prompt
        yield "captions", "Give each caption 1 to 300 characters, or leave its picture out."
    if draft.pace not in PACES:
        yield "pace", f"Choose one of {', '.join(PACES)}."
    unknown = sorted(set(draft.purposes) - set(PURPOSES))
    if unknown:
        yield "purposes", f"Unknown: {', '.join(unknown)}. Known are {', '.join(PURPOSES)}."
    if not 1 <= draft.steps <= MOST_STEPS:
        yield "steps", f"Choose between 1 and {MOST_STEPS:,} steps."
    if not 0 <= draft.seed <= MOST_SEED:
        yield "seed", f"Choose a number between 0 and {MOST_SEED:,}."
