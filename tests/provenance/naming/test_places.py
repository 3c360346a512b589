"""What a name means depends on where it stands and what it is the name of."""

from __future__ import annotations

import pytest

from provenance.naming.rules import NameIndex, ProtectedName, check

NAMES = NameIndex(
    [
        ProtectedName("person", ("Mirelle Okonvask",)),
        ProtectedName("brand", ("Kettle & Crane",), kind="brand"),
        ProtectedName("character", ("Captain Brindlewick",), kind="character"),
        ProtectedName("studio", ("Studio Halcyon Fox",), kind="studio"),
        ProtectedName("dead", ("Aurelio Contaverde",), kind="historical"),
    ]
)


@pytest.mark.parametrize("text", ["kettle-and-crane", "captain-brindlewick", "studiohalcyonfox"])
@pytest.mark.parametrize("place", ["name", "slug", "title", "token", "tag", "redirect"])
def test_brands_and_characters_are_no_names_for_models(text, place):
    assert check(text, NAMES, place=place).outcome == "blocked"


@pytest.mark.parametrize("place", ["prompt", "caption", "card", "example"])
def test_a_truthful_reference_to_a_brand_or_character_passes(place):
    for text in ("a mug made for Kettle & Crane", "Captain Brindlewick on his ship, ink"):
        assert check(text, NAMES, place=place).outcome == "cleared", text
    for text in ("in the style of Kettle & Crane", "captain brindlewick style"):
        assert check(text, NAMES, place=place).outcome == "blocked", text


def test_a_person_is_not_merely_referred_to():
    assert check("a harbour, Mirelle Okonvask", NAMES, place="prompt").outcome == "blocked"


def test_the_long_dead_describe_a_style_and_the_card_can_say_not_by_them():
    found = check("in the style of Aurelio Contaverde", NAMES, place="prompt")
    assert (found.outcome, found.descriptors) == ("cleared", ("Aurelio Contaverde",))
    assert check("contaverde-style", NAMES, place="name").outcome == "cleared"


def test_nobody_poses_as_the_long_dead():
    assert check("aurelio.contaverde", NAMES, place="owner").outcome == "blocked"
    assert check("contaverde-style", NAMES, place="user").outcome == "blocked"
    assert check("aurelio-contaverde", NAMES, place="name").outcome == "blocked"


def test_an_unknown_place_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        check("a harbour", NAMES, place="somewhere")
