"""Creators are named as they chose; who was not asked is in the credits file alone."""

from __future__ import annotations

import pytest

from provenance.models import CreditChoice, Party, Work
from registry.cards import rules
from registry.cards.naming import Credit, Wishes
from tests.card_fixtures import facts, grant, work

pytestmark = pytest.mark.django_db
NAME = "Maren Solvik"


@pytest.fixture
def maren():
    return Party.objects.create(name=NAME, kind="person")


@pytest.fixture
def studio():
    return Party.objects.create(name="Lantern Films", kind="organisation")


@pytest.fixture
def drawn(maren):
    made = Work.objects.create(title="Lamps")
    made.creators.add(maren)
    return made


def card_and_file(drawn: Work, *owed: Credit) -> tuple[str, str]:
    """What the card and the credits file say of `drawn`, which carries a CC BY 4.0 licence."""
    wishes = Wishes.of([drawn])
    told = wishes.lines(drawn, owed)
    made = work(
        1,
        creators=tuple(wishes.creator(party, drawn, told.card) for party in drawn.creators.all()),
        holders=(),
        credit_line="; ".join(told.card) or None,
        credit_on_file="; ".join(told.file) or None,
    )
    shown = facts(works=(made,))
    return rules.render_card(shown), str(rules.credits(shown))


def choose(maren: Party, choice: str, text: str = "", about: Work | None = None) -> None:
    CreditChoice.objects.create(party=maren, work=about, choice=choice, text=text)


def test_a_creator_who_was_not_asked_is_in_the_credits_file_alone(drawn, studio) -> None:
    for owed in ([], [Credit(f"© Lantern, art by {NAME}", studio.pk)]):
        card, file = card_and_file(drawn, *owed)
        assert NAME not in card
        assert "1 creator not named here" in card
        assert NAME in file


def test_a_licences_own_credit_line_counts_as_asked_for(drawn) -> None:
    card, file = card_and_file(drawn, Credit(f"{NAME}, CC BY", None))
    assert NAME in card
    assert NAME in file


def test_a_creators_own_permission_may_ask_for_credit(drawn, maren) -> None:
    card, _ = card_and_file(drawn, Credit(f"Drawn by {NAME}", maren.pk))
    assert f"Drawn by {NAME}" in card


@pytest.mark.parametrize("choice", ["anonymous", "none"])
def test_whoever_wants_no_credit_is_named_nowhere_whatever_holder_or_licence_ask(
    drawn, maren, studio, choice
) -> None:
    choose(maren, choice)
    line = f"© Lantern, art by {NAME}"
    for asked_by in (studio.pk, None, maren.pk):
        card, file = card_and_file(drawn, Credit(line, asked_by), Credit("© Lantern", studio.pk))
        assert NAME not in card + file
        assert "© Lantern" in card


def test_a_disguise_of_the_name_in_a_holders_line_is_seen(drawn, maren, studio) -> None:
    choose(maren, "none")
    for line in ("art by MAREN  SOLVIK", "maren-solvik for Lantern"):
        card, file = card_and_file(drawn, Credit(line, studio.pk))
        assert "solvik" not in (card + file).casefold()


def test_as_written_goes_before_the_holders_wording(drawn, maren, studio) -> None:
    choose(maren, "as-written", "M. S., lamp painter")
    for owed in ([Credit("© Lantern", studio.pk)], [Credit(f"Art by {NAME}", studio.pk)], []):
        card, file = card_and_file(drawn, *owed)
        assert "M. S., lamp painter" in card
        assert NAME not in card + file
        assert "M. S., lamp painter" in file


def test_the_choice_for_one_work_goes_before_the_one_for_all(drawn, maren) -> None:
    choose(maren, "as-written", "M. S.")
    choose(maren, "none", about=drawn)
    card, file = card_and_file(drawn)
    assert "M. S." not in card + file


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        (["stay", "stay"], "copies you already have stay licensed on the same terms"),
        (["stay", "delete"], "copies you already have must be deleted"),
    ],
)
def test_the_card_says_what_holds_for_copies_once_a_permission_ends(ends, says) -> None:
    given = tuple(grant(f"g{n}", after_end=end) for n, end in enumerate(ends))
    works = (work(1, licence=None, grants=tuple(g.grant for g in given)),)
    assert f"If a permission ends, {says}." in rules.render_card(facts(works=works, grants=given))
