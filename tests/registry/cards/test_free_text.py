"""The curator's words and the names of the long dead, from the records to the card."""

from __future__ import annotations

from provenance.models import Level, Party
from registry.cards.selectors import facts_of
from registry.release.selectors import latest_audit
from tests.registry import records
from training.models import Request


def test_words_that_name_a_person_on_record_or_not_stay_off_the_card(open_run):
    Party.objects.create(kind="person", name="Mirelle Okonvask", level=Level.DOCUMENT_CHECKED)
    for words in ("For friends of M1relle 0konvask.", "In the style of Hannelore Petrovska."):
        Request.objects.filter(pk=open_run.request_id).update(purpose=words)
        revision = records.build(open_run)
        revision.run.request.refresh_from_db()
        assert facts_of(revision, latest_audit(revision)).curator_withheld
    assert "okonvask" not in revision.card.lower()
    assert "words are left out" in revision.card


def test_a_long_dead_painters_name_in_a_prompt_passes_and_the_card_says_not_by(
    owner, reviewer, base
):
    Party.objects.create(kind="person", name="Aldous Brimley", died=1790, level=Level.SIGNED)
    image_set, party = records.make_set(owner, "old harbours", range(51, 55))
    records.license_set(image_set, party)
    run = records.approved_run(
        owner, reviewer, image_set, base, sample_prompts=("a vqzharbour in Brimley style",)
    )
    records.finish(run)
    assert "Nothing here is by them" in records.build(run).card
