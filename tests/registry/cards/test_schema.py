from __future__ import annotations

import pytest
import yaml

from registry.cards.rules import render_card
from registry.cards.rules.schema import OURS, objections
from tests.card_fixtures import facts, gated_facts


def block(card):
    return yaml.safe_load(card.split("---\n")[1])


@pytest.mark.parametrize("made", [facts, gated_facts])
def test_every_card_of_ours_fits_the_schema(made):
    assert objections(block(render_card(made())), OURS) == []


@pytest.mark.parametrize(
    "change",
    [{"license": "CC BY"}, {"license": "other"}, {"tags": "one"}, {"tags": ["a", "a"]},
     {"base_model_relation": "child"}, {"instance_prompt": ""}, {"inference": "no"},
     {"unheard_of": 1}],
)  # fmt: skip
def test_what_the_hub_would_not_understand_is_told(change):
    assert objections(block(render_card(facts())) | change, OURS)


def test_a_card_says_all_that_its_receiver_must_know():
    card = render_card(gated_facts(curator_text="Shows harbours."))
    order = [line for line in card.splitlines() if line.startswith("## ")]
    assert order == [
        "## Purpose", "## What you may do", "## Names", "## Samples", "## How it was made",
        "## Training data", "## The base model's provenance", "## Audit",
        "## What was not checked", "## Limits", "## Withdraw a permission, or complain",
        "## Check this download", "## Use it", "## Citation", "## Creators and rights-holders",
        "## Credits",
    ]  # fmt: skip
    first = card.split("---\n", 2)[2].split("## ", 1)[0]
    assert "Base model: cleared" in first
    assert "Weakest evidence" in first
    answers = [line for line in card.splitlines() if line.endswith("|") and "?" in line]
    assert len(answers) == 6
    assert "complian" not in card.casefold()
