"""The card says what the records say, and only that, to people, browsers and the Hub's clients."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest
import yaml
from markdown_it import MarkdownIt

from registry.cards import rules
from registry.cards.rules import (
    BaseFacts,
    BaseState,
    CardRefusedError,
    Contacts,
    Evidence,
    EvidenceLevel,
    Material,
    PartyFacts,
    card_html,
    render_card,
)
from tests.card_fixtures import SILENT, facts, gated_facts, grant, work

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "![x](https://evil.example/p.png)",
    "[click](javascript:alert(1))",
    "[a]: https://evil.example",
    "`code` **bold** _em_ ~~gone~~",
    "| a | b |",
    "line\n# Heading\n---\nlicense: mit\n---",
    "- x: [y, {z: !!python/object:os.system ls}]",
    "title: 'quote\" # comment",
    "&lt;b&gt; &amp; &#x3C;",
    "\u202egnp.exe\u202c \u200bzero \ufeff",
    "```\n</code></pre><iframe src=//x>",
    "*/ }} {{ 7*7 }} {% x %}",
    "\x00\x1b[31m\x85\u2028",
    "=====",
    "> quote",
    "<!-- comment",
    "$$\\input{x}$$",
    "\\",
    "[[x]](y)<z>",
    "1. one",
    "yes",
    "null",
    "*anchor",
    "%TAG",
]


MATERIAL = Material((), (), None, 0, 0)


def front(card):
    return yaml.safe_load(re.match(r"---\n(.*?)\n---\n", card, re.DOTALL)[1])


def words_of(rendered):
    return html.unescape(re.sub(r"<[^>]*>", "", rendered))


def everywhere(text):
    party = PartyFacts("p", text)
    made = work(1, title=text, credit_line=text, source_url=text)
    other = work(2, title=text, credit_line=None, creators=(party,), grants=("g",))
    base = BaseFacts(text, "b" * 64, BaseState.UNKNOWN, text, "CC0-1.0")
    return facts(
        works=(made, other),
        grants=(grant("g", holder=party),),
        base=base,
        token=text,
        instance_prompt=text,
        class_prompt=text,
        tags=(text,),
        samples=(("samples/0.png", text), (text, "x"), ("samples/../../x.png", "x")),
        allowed_names=(text,),
        curator_text=text,
        gated=True,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_change_neither_the_yaml_nor_the_structure_of_the_card(text):
    card = render_card(everywhere(text))
    tame = render_card(everywhere("tame"))
    assert front(card).keys() - {"base_model", "base_model_relation"} == (
        front(tame).keys() - {"base_model", "base_model_relation"}
    )
    assert front(card)["license"] == front(tame)["license"] == "other"
    headings = [line for line in card_html(card).splitlines() if line.startswith("<h")]
    expected = [line for line in card_html(tame).splitlines() if line.startswith("<h")]
    assert headings == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_bring_no_element_into_the_page_even_where_html_is_allowed(text):
    body = render_card(everywhere(text)).split("\n---\n", 1)[1]
    loose = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(body)
    assert not re.search(r"<(script|iframe|b>|z>|!--)", loose)
    assert set(re.findall(r'<img src="([^"]*)"', loose)) == {"samples/0.png"}
    assert not re.search(r'href="(?!https?://)', loose)


def test_a_title_and_a_licence_that_stand_there_already_are_not_told_again():
    card = render_card(facts(works=(work(1, credit_line="“Harbour 1” by B (CC-BY-4.0)"),)))
    assert "- [“Harbour 1” by B \\(CC-BY-4.0\\)](<https://example.org/harbour>)\n" in card
    assert "### [CC BY 4.0](<https://creativecommons.org/licenses/by/4.0/>)" in card


@pytest.mark.parametrize("text", HOSTILE)
def test_a_credit_line_reads_exactly_as_it_was_asked_for(text):
    visible = rules.text.plain(text)
    page = card_html(render_card(facts(works=(work(1, credit_line=text),))))
    assert f"Harbour 1 · {visible}\n" in words_of(page)


def test_what_the_bases_record_says_of_its_pictures_stands_before_the_samples():
    base = replace(facts().base, intended_use="Too small: it draws noise.")
    assert "## Samples\n\nWhat the base is for, as its record says: Too small: it draws noise." in (
        render_card(facts(base=base))
    )


def test_no_bidirectional_or_invisible_character_gets_onto_the_card():
    card = render_card(everywhere("\u202egnp\u2066\u200b\x1b\ufeff"))
    assert not set(card) & set("\u202e\u2066\u200b\x1b\ufeff")


def test_the_card_says_that_characters_and_faces_are_declared_not_detected():
    data = render_card(facts()).split("## Training data", 1)[1].split("\n## ", 1)[0]
    assert "Characters, faces" in data
    assert "declared, not detected" in data


def test_the_front_matter_has_what_the_hub_reads():
    meta = front(render_card(facts()))
    assert meta["license"] == "cc-by-4.0"
    assert meta["base_model"] == "imprimatur/tiny-base"
    assert meta["base_model_relation"] == "finetune"
    assert meta["instance_prompt"] == "a vqz drawing"
    assert meta["pipeline_tag"] == "text-to-image"
    assert meta["library_name"] == "diffusers"
    assert meta["inference"] is False
    assert "harbour" in meta["tags"]
    assert "extra_gated_prompt" not in meta


def test_a_gated_card_states_its_terms_and_asks_for_acceptance():
    meta = front(render_card(gated_facts()))
    assert meta["license_name"] == "imprimatur-grants"
    for condition in ("commercial", "2027-12-31", "FR"):
        assert condition in meta["extra_gated_prompt"]
    assert meta["extra_gated_fields"]["I accept these terms"] == "checkbox"


@pytest.mark.parametrize("made", [facts(), gated_facts(), everywhere(HOSTILE[7])])
def test_the_hubs_own_card_class_reads_it(made, tmp_path):
    from huggingface_hub import ModelCard

    path = tmp_path / "README.md"
    path.write_text(render_card(made), encoding="utf-8")
    card = ModelCard.load(path)
    assert card.data.to_dict() == front(path.read_text(encoding="utf-8"))
    assert card.text.lstrip().startswith("# quayside/")


def test_the_first_lines_tell_the_bases_state_and_the_weakest_evidence():
    weak = Evidence(EvidenceLevel.SIGNED_OR_VERIFIED, EvidenceLevel.SELF_DECLARED)
    base = BaseFacts("x/y", "b" * 64, BaseState.UNCLEARED, "Scraped.", "creativeml-openrail-m")
    card = render_card(facts(base=base, works=(work(1), work(2, evidence=weak))))
    first = card.split("---\n\n", 1)[1].splitlines()[:5]
    assert "Base model: uncleared" in first[2]
    assert "self-declared" in first[4]


def test_a_weak_grant_counts_as_the_weakest_evidence():
    weak = Evidence(EvidenceLevel.CONTACT_CONFIRMED, EvidenceLevel.SIGNED_OR_VERIFIED)
    works = (work(1, licence=None, grants=("g",)),)
    made = facts(works=works, grants=(grant("g", evidence=weak),))
    assert made.weakest_evidence is EvidenceLevel.CONTACT_CONFIRMED


def test_the_six_answers_are_given_with_their_grants():
    card = render_card(gated_facts())
    assert "| Sell what it makes? | **No** | grant 1 |" in card
    questions = ("Sell", "Pass on", "Fine-tune", "Merge", "Offer", "Must you give credit")
    assert all(f"| {question}" in card for question in questions)
    assert "sell what it makes: refused or left open by grant 1" in card


def test_somebody_who_does_not_wish_to_be_named_is_not_named_anywhere():
    made = gated_facts()
    assert SILENT.party not in render_card(made)
    assert "1 rights-holder not named here" in render_card(made)
    assert rules.credits(made)["works"][0]["holders"][1] == {"party": "party-2", "name": None}


def test_the_credits_are_json_with_the_exact_lines():
    made = facts(works=(work(1, credit_line="<b>*exact*</b>"),))
    body = json.loads(json.dumps(rules.credits(made)))
    assert body["works"][0]["credit_line"] == "<b>*exact*</b>"
    assert body["manifest_sha256"] == made.manifest_sha256


def test_the_naming_rules_repeat_no_name_but_those_allowed():
    card = render_card(facts(allowed_names=("lamp-lit",)))
    section = card.split("## Names")[1].split("##")[0]
    assert "Solvendt" not in section
    assert "`lamp-lit`" in section


def test_only_samples_of_the_release_are_shown():
    card = render_card(
        facts(samples=(("samples/0.png", "a"), ("../x.png", "b"), ("https://e/x.png", "c")))
    )
    assert re.findall(r"!\[.*\]\(<(.*)>\)", card) == ["samples/0.png"]


def test_the_curators_words_are_marked_and_stay_a_quotation():
    card = render_card(facts(curator_text="# Big\n\n- list\n1. one\n+ plus\n=== \nend"))
    section = card.split("own words")[1].split("\n## ")[0]
    assert "only names in them were looked for" in section
    page = card_html(section)
    assert not re.search(r"<(h\d|li|ol|ul)", page)
    assert render_card(facts(curator_text=" \n ")).count("own words") == 0


def test_the_same_facts_give_the_same_bytes_in_any_order():
    one, two = work(1), work(2, licence="CC0-1.0")
    assert render_card(facts(works=(one, two))) == render_card(facts(works=(two, one)))


def test_a_long_set_goes_on_in_the_credits_file():
    many = tuple(work(n) for n in range(305))
    card = render_card(facts(works=many))
    assert "And 5 more works." in card
    assert len(rules.credits(facts(works=many))["works"]) == 305


@pytest.mark.parametrize("model", ["x", "a/b/c", "a/b c", "a/$(rm)", "a/<b>", "../x", "a/b\n"])
def test_a_model_id_that_could_break_a_command_is_refused(model):
    with pytest.raises(CardRefusedError, match="owner/name"):
        render_card(facts(model=model))


@pytest.mark.parametrize(
    ("url", "signer"),
    [("javascript:x", "d" * 64), ("https://x/;rm", "d" * 64), ("https://x", "$(rm)")],
)
def test_an_address_or_key_that_could_break_a_command_is_refused(url, signer):
    with pytest.raises(CardRefusedError):
        render_card(facts(contacts=Contacts("R", url, signer)))


def test_the_page_shows_no_front_matter_and_no_foreign_picture_script_or_scheme():
    page = card_html(
        "---\nlicense: x\n---\n# T\n![a](https://evil.example/x.png) ![b](samples/0.png)\n"
        "![c](samples/../../admin)\n<script>x</script>\n[j](javascript:x) [d](data:text/html,x)\n"
    )
    assert "license" not in page
    assert re.findall(r'src="([^"]*)"', page) == ["samples/0.png"]
    assert "<script" not in page
    assert 'href="javascript' not in page
    assert 'href="data' not in page


@pytest.mark.parametrize(
    ("nearest", "words"),
    [(0.31, "0.31, not below"), (0.05, "0.05, below"), (None, "none was near")],
)
def test_the_audits_figure_is_set_against_its_threshold(nearest, words):
    card = render_card(facts(audit=replace(facts().audit, nearest=nearest)))
    assert f"Nearest pair: {words}" in card


def test_protected_works_that_could_not_be_compared_are_told():
    card = render_card(facts(audit=replace(facts().audit, not_compared=3)))
    section = card.split("## What was not checked")[1]
    assert section.startswith("\n\n- 3 protected works known by a code alone")
    assert "code alone" not in render_card(facts())


def test_each_answer_names_the_licence_or_grant_behind_it_credit_too():
    card = render_card(gated_facts())
    row = next(line for line in card.splitlines() if line.startswith("| Must you give credit"))
    assert "grants 1, 2" in row
    free = work(1, licence="CC0-1.0", credit_line=None)
    row = next(
        line for line in render_card(facts(works=(free,))).splitlines() if "give credit" in line
    )
    assert "| No | nobody asks |" in row


def test_the_long_dead_are_told_to_have_made_nothing_here():
    assert "Nothing here is by them" not in render_card(facts())
    card = render_card(facts(descriptors=("Aldous Brimley",)))
    assert "`Aldous Brimley` describes a style, of somebody long dead. Nothing here is by" in card


def test_words_that_name_somebody_are_left_out_and_that_is_said():
    card = render_card(facts(curator_text="After Mirelle Okonvask.", curator_withheld=True))
    assert "Mirelle" not in card
    assert "words are left out" in card


def test_leakage_is_told_with_its_interval_or_as_not_measured():
    figures = {
        "measure": "a shift",
        "without_token": {"shift": 0.4, "low": 0.1, "high": 0.7, "pictures": 8, "clear": True,
                          "with_the_token": {"shift": 0.9}},
        "names": {"not_measured": "No prompt held a protected name."},
    }  # fmt: skip
    card = render_card(facts(audit=replace(facts().audit, leakage=figures)))
    assert "the token? Yes: 0.4 (0.1 to 0.7); with the token, 0.9" in card
    assert "Not measured: No prompt held a protected name." in card
    names = [{"shift": 0.1, "low": -0.2, "high": 0.3, "pictures": 8, "clear": False}]
    card = render_card(facts(audit=replace(facts().audit, leakage=figures | {"names": names})))
    assert "Seen for 0 of 1 creators tried: 0.1 (-0.2 to 0.3)" in card


class TestCaptions:
    def said(self, *captions):
        told = facts(captions=captions)
        licence = rules.licence_of(told)
        return [
            render_card(told), rules.ab_2013(told, licence, MATERIAL),
            rules.eu_summary(told, licence, MATERIAL),
        ]  # fmt: skip

    def test_where_none_was_typed_the_instance_prompt_is_every_pictures(self):
        card, california, union = self.said()
        assert "every picture is learnt by the instance prompt" in card
        assert "one caption, the instance prompt, for all of them" in california
        assert "with 2 different short texts" in union

    def test_some_are_counted_and_not_repeated(self):
        card, california, union = self.said("a vqz drawing of a crane", "a vqz drawing of rain")
        assert "2 pictures by captions that the curator typed" in card
        assert "the others by the instance prompt" in card
        assert "2 with captions of their own, typed by the curator" in california
        assert "with 4 different short texts" in union
        assert not any("crane" in text for text in (card, california, union))

    def test_where_each_has_one_the_instance_prompt_is_not_counted(self):
        card, california, union = self.said(*["a vqz drawing of a crane"] * 4)
        assert "instance prompt" not in re.search("- Captions: .*", card)[0]
        assert "Any other" not in california
        assert "with 2 different short texts" in union


def test_grants_are_called_by_number_and_told_in_words():
    three = [f"grant-{n}" for n in (1, 2, 3)]
    works = tuple(work(n, licence=None, credit_line=None, grants=(name,))
                  for n, name in enumerate(three))  # fmt: skip
    grants = tuple(
        grant(name, permits=frozenset({"train", "distribute-weights"})) for name in three
    )
    card = render_card(facts(works=works, grants=grants))
    assert (
        "1. From Lantern & Sons, to train a model on it, give the model to others; in the world"
        in card.replace("&amp;", "&")
    )
    assert "On record as `grant-3`" in card
    assert re.search(r"Pass on the weights\? \| Yes \| .*all 3 grants \|", card)
    assert re.search(r"Harbour 2\].* · grant 3$", card, re.MULTILINE)
    assert card.count("grant-2") == 1
