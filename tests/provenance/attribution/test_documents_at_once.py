"""A document is checked while it is put to more titles, or while another takes its place."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from accounts.errors import RefusedError
from provenance.attribution import documenting
from provenance.attribution.documenting import document_links
from provenance.attribution.evidence import check_evidence, submit_evidence
from provenance.models import Evidence, Level, Party, PartyMember, TitleLink, Work
from tests.provenance import records
from tests.provenance.records import actor

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def artist():
    made = records.user("artist")
    party = Party.objects.create(kind="person", name="Maren Solvik")
    PartyMember.objects.create(party=party, user=made, level=Level.SELF_DECLARED)
    for title in ("Harbour", "Weir"):
        work = Work.objects.create(title=title, reference=title)
        TitleLink.objects.create(work=work, party=party, declared_by=made)
    return made


@pytest.fixture
def reviewer():
    return records.user("checks", is_reviewer=True)


def submit(artist, name: str) -> Evidence:
    return submit_evidence(actor=actor(artist), data=b"%PDF-" + name.encode(), title=name)


def link(title: str) -> TitleLink:
    return TitleLink.objects.get(work__title=title)


def check(reviewer, evidence: Evidence, citations: str) -> None:
    level = Level.DOCUMENT_CHECKED
    check_evidence(
        actor=actor(reviewer), evidence=evidence, identity=level, title=level, note="Seen.",
        citations=citations,
    )  # fmt: skip


class Meanwhile:
    """What another session does once `step` of documenting was reached; it may have to wait."""

    def __init__(self, monkeypatch, step: str, command: Callable[[], Any]) -> None:
        self.refused: RefusedError | None = None
        self.thread = threading.Thread(target=self._run, args=(command,))
        before = getattr(documenting, step)

        def after(*args: Any, **options: Any) -> Any:
            found = before(*args, **options)
            self.thread.start()
            self.thread.join(2)  # longer only where it waits, as it should, for this transaction
            return found

        monkeypatch.setattr(documenting, step, after)

    def _run(self, command: Callable[[], Any]) -> None:
        try:
            command()
        except RefusedError as refusal:
            self.refused = refusal
        finally:
            connection.close()


def test_what_a_reviewer_did_not_look_at_is_not_shown_by_what_they_check(
    monkeypatch, artist, reviewer
):
    paper = submit(artist, "contract")
    document_links(actor=actor(artist), links=[link("Harbour")], evidence=str(paper.pk))
    seen = paper.citations
    other = Meanwhile(monkeypatch, "cited", lambda: check(reviewer, paper, seen))
    document_links(actor=actor(artist), links=[link("Weir")], evidence=str(paper.pk))
    other.thread.join()
    paper.refresh_from_db()
    assert other.refused is not None
    assert paper.title_level == Level.SELF_DECLARED


def test_a_document_that_takes_the_place_of_one_being_checked_is_not_checked(
    monkeypatch, artist, reviewer
):
    paper, forged = submit(artist, "contract"), submit(artist, "forged")
    document_links(actor=actor(artist), links=[link("Harbour")], evidence=str(paper.pk))
    seen = paper.citations
    other = Meanwhile(monkeypatch, "mark_stale", lambda: check(reviewer, paper, seen))
    document_links(actor=actor(artist), links=[link("Harbour")], evidence=str(forged.pk))
    other.thread.join()
    assert (link("Harbour").evidence, link("Harbour").level) == (forged, Level.SELF_DECLARED)
