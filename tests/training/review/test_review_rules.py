import pytest

from training.models import Request
from training.review import rules
from training.review.rules import Draft, allowed


def refusal_of(command, state="submitted", roles=("applicant", "reviewer"), own=False):
    refusal = allowed(command, state=state, roles=roles, is_applicant=own)
    return refusal.code if refusal else None


def test_the_states_are_those_of_the_record():
    assert list(rules.STATES) == Request.State.values
    named = {state for c in rules.COMMANDS for state in (*c.sources, c.target) if state}
    assert named == set(rules.STATES)


@pytest.mark.parametrize("command", ["resolve", "approve", "return", "reject", "revoke"])
def test_nobody_reviews_their_own_request_whatever_their_roles(command):
    everything = ("applicant", "reviewer", "auditor", "operator")
    state = rules.BY_NAME[command].sources[0]
    assert refusal_of(command, state, everything, own=True) == "own_request"
    assert refusal_of(command, state, everything, own=False) is None


@pytest.mark.parametrize("command", ["resolve", "approve", "return", "reject", "revoke"])
def test_reviewing_needs_the_role(command):
    state = rules.BY_NAME[command].sources[0]
    assert refusal_of(command, state, ("applicant", "auditor", "operator")) == "role_missing"


@pytest.mark.parametrize("command", ["edit", "check", "submit", "close"])
def test_only_the_applicant_edits_submits_and_closes(command):
    state = rules.BY_NAME[command].sources[0]
    assert refusal_of(command, state) == "not_your_request"
    assert refusal_of(command, state, ("applicant",), own=True) is None


@pytest.mark.parametrize("command", rules.COMMANDS, ids=lambda c: c.name)
def test_each_command_is_refused_in_every_other_state(command):
    own = command.by == "applicant"
    others = set(rules.STATES) - set(command.sources)
    codes = {refusal_of(command.name, state, own=own) for state in others}
    assert codes == {"wrong_state"}


GOOD = Draft("b", "a-model", "tok", "a tok cat", "a cat", ("tok asleep",), "to see")


def test_a_sensible_draft_has_no_fault():
    assert rules.faults(GOOD) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("model_name", "two words"),
        ("model_name", "a--b"),
        ("model_name", ""),
        ("model_name", "x" * 97),
        ("model_name", "repo.git"),
        ("token", ""),
        ("token", "two words"),
        ("instance_prompt", "a cat"),
        ("instance_prompt", "a token cat"),
        ("class_prompt", "a tok cat"),
        ("class_prompt", " "),
        ("sample_prompts", ()),
        ("sample_prompts", ("",)),
        ("sample_prompts", ("a",) * 9),
        ("purpose", ""),
        ("territories", ()),
        ("territories", ("Europe",)),
        ("steps", 0),
        ("steps", 100_001),
        ("seed", -1),
        ("seed", 2**31),
    ],
)
def test_a_draft_names_the_field_that_needs_mending(field, value):
    from dataclasses import replace

    assert field in rules.faults(replace(GOOD, **{field: value}))
