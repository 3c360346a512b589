# ruff: noqa: RUF001 - look-alike letters are what is tested
"""Disguises of protected names that must be found, and innocent texts that must pass.

Both tables are written by hand. The people in them do not exist.
"""

from __future__ import annotations

import time

import pytest

from provenance.naming.rules import AllowedForm, NameIndex, ProtectedName, check
from provenance.naming.rules.persons import personal_names

NAMES = NameIndex(
    [
        ProtectedName("mira", ("Mira Solvendt", "Miraluna")),
        ProtectedName("jean", ("Jean-Luc d'Orvanne",)),
        ProtectedName("oyvind", ("Øyvind Kråkenes",)),
        ProtectedName("rose", ("Rose",), kind="pen name"),
        ProtectedName("baker", ("Anna Baker",)),
        ProtectedName("studio", ("Studio Quillfeather",), kind="studio"),
        ProtectedName("wei", ("李未名",)),
        ProtectedName("katya", ("Екатерина Дубровина",)),
        ProtectedName("unproven", ("Tobbias Wrenlock",), proven=False),
        ProtectedName("garden", ("Rose Garden",)),
    ]
)

DISGUISES = [
    ("Mira Solvendt", "mira"),
    ("mira solvendt", "mira"),
    ("MIRA SOLVENDT", "mira"),
    ("mIrA sOlVeNdT", "mira"),
    ("MiraSolvendt", "mira"),
    ("mirasolvendt", "mira"),
    ("mira-solvendt", "mira"),
    ("mira_solvendt_v2", "mira"),
    ("mira.solvendt", "mira"),
    ("mira/solvendt", "mira"),
    ("M i r a   S o l v e n d t", "mira"),
    ("m.i.r.a.s.o.l.v.e.n.d.t", "mira"),
    ("mi-ra-sol-ven-dt", "mira"),
    ("mirasol vendt", "mira"),
    ("Solvendt Mira", "mira"),
    ("Solvendt, Mira", "mira"),
    ("solvendtmira", "mira"),
    ("M. Solvendt", "mira"),
    ("msolvendt", "mira"),
    ("m-solvendt-lora", "mira"),
    ("solvendt.m", "mira"),
    ("Solvendt style", "mira"),
    ("solvendt-style", "mira"),
    ("solvendtstyle", "mira"),
    ("SolvendtArtStyle", "mira"),
    ("solvendt_artstyle_sdxl", "mira"),
    ("a castle in the style of Solvendt", "mira"),
    ("a castle by solvendt, soft light", "mira"),
    ("solvendt-esque harbours", "mira"),
    ("solvendtesque", "mira"),
    ("drawings inspired by Solvendt", "mira"),
    ("mirasolvendtstyle", "mira"),
    ("xmirasolvendtx", "mira"),
    ("style-of-mirasolvendt", "mira"),
    ("M1ra S0lvendt", "mira"),
    ("m!ra $olv3ndt", "mira"),
    ("M1R4 50LV3ND7", "mira"),
    ("mira s|lvendt", None),
    ("Mırа Sоlvеndt", "mira"),
    ("Міга Ѕоӏvеndt", "mira"),
    ("𝓜𝓲𝓻𝓪 𝓢𝓸𝓵𝓿𝓮𝓷𝓭𝓽", "mira"),
    ("Ｍｉｒａ Ｓｏｌｖｅｎｄｔ", "mira"),
    ("ⓜⓘⓡⓐ ⓢⓞⓛⓥⓔⓝⓓⓣ", "mira"),
    ("Míra Sölvèndt", "mira"),
    ("M\u0337i\u0337r\u0337a\u0337 Solvendt", "mira"),
    ("Mi\u200bra Sol\u200dven\u00addt", "mira"),
    ("\u202eMira Solvendt\u202c", "mira"),
    ("Mira Solvend", "mira"),
    ("Mira Sollvendt", "mira"),
    ("Mira Solvnedt", "mira"),
    ("Mira Solwendt", "mira"),
    ("Myra Solvendt", "mira"),
    ("mirra-solvendt", "mira"),
    ("mirasolvend-style", "mira"),
    ("rniraso1vendt", "mira"),
    ("Mira SoIvendt", "mira"),
    ("Mira Solvenclt", "mira"),
    ("tdnevlos arim", "mira"),
    ("im Stil von Solvendt", "mira"),
    ("à la manière de Solvendt", "mira"),
    ("al estilo de solvendt", "mira"),
    ("nello stile di Solvendt", "mira"),
    ("в стиле Solvendt", "mira"),
    ("solvendt风格", "mira"),
    ("miraluna", "mira"),
    ("Miraluna-v3", "mira"),
    ("miralunastyle", "mira"),
    ("m1raluna", "mira"),
    ("Jean-Luc d'Orvanne", "jean"),
    ("jean luc d orvanne", "jean"),
    ("jeanlucdorvanne", "jean"),
    ("JL d'Orvanne", "jean"),
    ("jean orvanne", "jean"),
    ("orvanne style", "jean"),
    ("Oyvind Krakenes", "oyvind"),
    ("oyvindkrakenes", "oyvind"),
    ("Ø. Kråkenes", "oyvind"),
    ("krakenes-style", "oyvind"),
    ("rose style", "rose"),
    ("in the style of Rose", "rose"),
    ("a portrait by Rose", "rose"),
    ("token: rose", "rose"),
    ("rose-style-lora", "rose"),
    ("Anna Baker", "baker"),
    ("annabaker", "baker"),
    ("A. Baker", "baker"),
    ("in the style of Baker", "baker"),
    ("anna-baker-art", "baker"),
    ("studio quillfeather", "studio"),
    ("StudioQuillfeather", "studio"),
    ("Studio Qui11feather", "studio"),
    ("李未名", "wei"),
    ("李未名风格", "wei"),
    ("a drawing by 李 未 名", "wei"),
    ("Екатерина Дубровина", "katya"),
    ("ЕКАТЕРИНА ДУБРОВИНА", "katya"),
    ("дубровина екатерина", "katya"),
    ("Tobbias Wrenlock", "unproven"),
    ("by Rose Garden", "garden"),
    ("in the style of Rose Garden", "garden"),
]
DISGUISES = [(text, party) for text, party in DISGUISES if party]

INNOCENT = [
    "",
    " ",
    "...",
    "🌹",
    "a rose",
    "a rose garden at dawn",
    "Rose Garden",
    "roses on a table",
    "compass rose",
    "the sun rose over the harbour",
    "photo of a baker",
    "a baker in a bakery",
    "the baker's oven",
    "bakery at night, film grain",
    "by the sea",
    "by candle light",
    "lit by rose light",
    "a window by rose bushes",
    "a studio portrait",
    "studio lighting",
    "studio-quality-product-shots",
    "feather quill and ink",
    "watercolour style",
    "in the style of a linocut",
    "in the style of art nouveau",
    "in the style of Art Deco posters",
    "Art Nouveau posters",
    "line-and-wash-illustrations",
    "lamp-lit-harbours",
    "evening-light-drawings",
    "vqz",
    "a vqz drawing",
    "sks dog",
    "a sks illustration of a fox",
    "low-poly islands",
    "pixel-art-tiles-v2",
    "isometric city blocks",
    "ukiyo-e waves",
    "Victorian engraving",
    "gothic-cathedral-sketches",
    "night market in the rain",
    "mountain lake, long exposure",
    "solvent-free paint on wood",
    "solvent",
    "miracle solvent",
    "mirage over salt flats",
    "the moon over a bay",
    "lunar landscapes",
    "admiral on deck",
    "a wren on a lock",
    "an orchard, van at the gate",
    "jeans and leather",
    "banal image",
    "bananas",
    "anna's hummingbird",
    "hot-air-balloons",
    "steam engine cutaway",
    "botanical plates",
    "paper-cut-layers",
    "chalk on slate",
    "made by hand",
    "generated by a model",
    "trained on public domain maps",
    "inspired by nature",
    "inspired by Japanese woodcuts",
    "style transfer",
    "no style",
    "old style type",
    "cat, dog, bird",
    "1girl, solo, smile",
    "8k, highly detailed",
    "CC0-1.0",
    "2026-01-02",
    "Winter Landscapes",
    "Harbour Lights",
    "Green Hills and Blue Skies",
    "Open Clip Art birds",
    "未来都市",
    "красивый закат",
    "ein Haus am See",
    "une maison au bord de la mer",
    "a" * 5000,
]

PERSONS = [
    "in the style of Greta Holmqvist",
    "illustration by Ulrike Zandvliet, ink",
    "im Stil von Hedda Brunnquell",
    "à la manière de Odilon Vasseroy",
    "al estilo de Ximena Larrauri",
    "by Pieter van der Quaast",
    "Anna Kowalska",
    "anna-kowalska-style",
    "annaKowalska",
    "hans_gruberich",
    "greg vandertosk",
    "A portrait of Marta Lindqvist in oil",
    "Kowalska, Anna",
    "by greg vandertosk",
    "in homage to Sigrid Aalbers",
    "trained on Naoko Ishibarra",
    "Émilie Dufresnoy",
    "Giulia Ferrantini LoRA",
    "thomas.brackenbury",
    "inspired by Fernando Quesadilla",
]


@pytest.mark.parametrize(("text", "party"), DISGUISES)
def test_a_disguised_name_is_found(text, party):
    found = check(text, NAMES)
    assert party in {hit.party_id for hit in found.hits}, found


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_text_passes(text):
    found = check(text, NAMES)
    assert (found.hits, found.unregistered, found.outcome) == ((), (), "cleared")
    assert (found.why, found.alternatives) == ("", ())


@pytest.mark.parametrize("text", PERSONS)
def test_a_personal_name_that_nobody_is_on_record_for_is_flagged(text):
    found = check(text, NAMES)
    assert found.unregistered
    assert found.outcome == "flagged"
    assert "nobody here has consented" in found.why


def test_the_tables_are_large_enough_to_mean_something():
    assert len(DISGUISES) >= 60
    assert len(INNOCENT) >= 60


def test_a_proven_registration_blocks_and_an_unproven_one_only_flags():
    assert check("Mira Solvendt", NAMES).outcome == "blocked"
    assert check("Tobbias Wrenlock", NAMES).outcome == "flagged"


def test_only_the_form_that_was_typed_is_told_back():
    found = check("miraluna-style", NAMES)
    told = " ".join([found.why, *found.alternatives, *(hit.typed for hit in found.hits)])
    assert "Solvendt" not in told
    assert "miraluna" in found.why.lower()
    assert "Mira Solvendt" not in check("by M. Solvendt", NAMES).why


def test_a_text_in_control_characters_is_told_back_printable():
    assert check("Mira \x1bSolvendt", NAMES).why.isprintable()


def test_each_place_of_a_name_is_told_once_for_each_party():
    found = check("Mira Solvendt and again Mira Solvendt, like Anna Baker", NAMES)
    assert [hit.party_id for hit in found.hits] == ["mira", "mira", "baker"]


def test_a_hit_says_where_it_is():
    text = "harbour by Mira Solvendt at night"
    start, stop = check(text, NAMES).hits[0].span
    assert text[start:stop] == "Mira Solvendt"


@pytest.mark.parametrize("text", [t for t, _ in DISGUISES])
def test_the_alternatives_are_themselves_free_of_names(text):
    found = check(text, NAMES)
    assert found.alternatives
    assert all(check(other, NAMES).outcome == "cleared" for other in found.alternatives)


def test_what_the_text_says_beside_the_name_is_kept_in_the_first_alternative():
    found = check("harbour lights in the style of Mira Solvendt", NAMES)
    assert found.alternatives[0] == "harbour-lights"


def test_a_form_that_its_person_has_allowed_passes_exactly_as_written():
    allowed = [AllowedForm("mira", "mira-solvendt-official")]
    assert check("mira-solvendt-official", NAMES, allowed).outcome == "cleared"
    assert check("a mira-solvendt-official drawing", NAMES, allowed).outcome == "cleared"
    for text in (
        "mira-solvendt",
        "Mira-Solvendt-Official",
        "mira-solvendt-officially",
        "solvendt style",
    ):
        assert check(text, NAMES, allowed).outcome == "blocked", text


def test_one_persons_consent_covers_nobody_else():
    assert check("Mira Solvendt", NAMES, [AllowedForm("baker", "Mira Solvendt")]).hits
    assert check("Mira Solvendt", NAMES, [AllowedForm("mira", "")]).hits


def test_a_name_of_nothing_but_marks_protects_nothing():
    index = NameIndex([ProtectedName("x", ("", "...", "7", "\u200b"))])
    assert check("... 7 anything", index).outcome == "cleared"


def test_two_people_of_one_name_are_both_told():
    twins = [ProtectedName(party, ("Mira Solvendt",)) for party in ("one", "two")]
    assert {hit.party_id for hit in check("mira solvendt", twins).hits} == {"one", "two"}


def test_thousands_of_names_are_checked_in_milliseconds():
    syllables = ["ba", "ke", "lo", "mi", "nu", "ra", "so", "ti", "vo", "ze"]
    made = [
        f"{a}{b} {c}{d}sen".title()
        for a in syllables[:4] for b in syllables[:5] for c in syllables for d in syllables
    ]  # fmt: skip
    index = NameIndex([ProtectedName(name, (name,)) for name in made])
    text = "a quiet harbour at night with lanterns, ink and wash, soft light, by Bake Lomisen"
    assert check(text, index).hits[0].form == "Bake Lomisen"
    started = time.perf_counter()
    for _ in range(10):
        check(text, index)
    assert (time.perf_counter() - started) / 10 < 0.05


def test_a_long_text_takes_time_in_proportion_to_its_length():
    def seconds(text):
        started = time.perf_counter()
        check(text, NAMES)
        return time.perf_counter() - started

    part = "mira by the style of solve and dt in a harbour " * 40
    seconds(part)
    assert seconds(part * 8) < 30 * max(seconds(part), 0.005)


@pytest.mark.parametrize(
    "text",
    ["Emily Brown", "emily-brown-style", "John Walker", "Mark Anderson", "Kenji Watanabe",
     "García Lucía", "Siobhán Ní Dhomhnaill", "marta ferreira da silva"],
)  # fmt: skip
def test_families_called_by_everyday_words_and_other_orders_are_noticed(text):
    assert personal_names(text)


@pytest.mark.parametrize(
    "text", ["Victoria sponge cake", "Florence cathedral", "Santa Cruz", "Victoria Park", "a brown"]
)
def test_places_and_things_that_begin_with_a_given_name_are_not(text):
    assert not personal_names(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("Maren Oxley-Tveit", "after M. Oxley-Tveit"), ("Maren Oxley-Tveit", "maren oxley"),
     ("Xochitl Barragán de la Cruz", "xochitl-barragan-lora"),
     ("Ignatius Quenby", "homage Quenby"), ("Ignatius Quenby", "channeling Quenby")],
)  # fmt: skip
def test_of_several_family_names_one_is_enough_beside_the_given_name(name, text):
    assert check(text, [ProtectedName("p", (name,))]).hits


def test_a_second_given_name_alone_is_no_family_name():
    assert not check("a mary ann doll", [ProtectedName("p", ("Mary Ann Quenby",))]).hits


def test_a_rare_surname_is_enough_for_a_token_and_an_everyday_word_is_not():
    names = [ProtectedName("p", ("Ignatius Quenby",)), ProtectedName("q", ("Anna Baker", "Rose"))]
    assert check("quenby", names, place="token").hits
    assert not check("quenby", names, place="name").hits
    assert not check("rose", names, place="token").hits
    assert not check("baker", names, place="token").hits


@pytest.mark.parametrize(
    ("name", "text"),
    [("Ольга Мерцалова", "стиль Ольги Мерцаловой"), ("Ольга Мерцалова", "в манере Мерцаловой"),
     ("Юрий Заборский", "в стиле Заборского"), ("Пётр Кузовлёв", "в стиле Петра Кузовлёва"),
     ("Hanna Brzoskowska", "w stylu Brzoskowskiej"), ("Pavel Zdenovský", "ve stylu Zdenovského")],
)  # fmt: skip
def test_a_name_in_the_genitive_is_found(name, text):
    assert [hit.form for hit in check(text, [ProtectedName("p", (name,))]).hits] == [name]
