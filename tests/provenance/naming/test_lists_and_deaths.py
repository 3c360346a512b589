"""Names from lists, and names that stop to be protected long after a death."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.actors import SYSTEM, Actor
from accounts.errors import InvalidError, RefusedError
from ledger.models import Entry
from provenance.models import Level, Party, PartyMember
from provenance.naming.selectors import descriptors_in, names_in
from provenance.naming.services import import_names, record_death

NOBODY = "00000000-0000-4000-8000-000000000000"
TEXT = "in the style of Aldous Brimley"


def found(place="prompt"):
    return names_in([(place, TEXT)], applicant=NOBODY, today=timezone.localdate())


@pytest.fixture
def brimley(db):
    return Party.objects.create(kind="person", name="Aldous Brimley", level=Level.DOCUMENT_CHECKED)


def test_a_long_death_on_record_makes_a_name_a_description_and_undoing_it_protects_again(
    client, brimley, reviewer
):
    assert [fact.party for fact in found()] == [str(brimley.pk)]
    client.force_login(reviewer)
    url = f"/api/v1/parties/{brimley.pk}/death/"
    told = client.post(url, {"year": 1851, "reason": "The parish register."}, "application/json")
    assert told.status_code == 200
    assert found() == ()
    assert descriptors_in([("prompt", TEXT)], today=timezone.localdate()) == ("Aldous Brimley",)
    entry = Entry.objects.get(kind="party.died")
    assert entry.codes["year"] == 1851
    client.post(f"/parties/{brimley.pk}/died/", {"year": "", "reason": "Another man's."})
    assert found()


def test_a_recent_death_changes_nothing(brimley, reviewer):
    record_death(actor=Actor.of(reviewer), party=brimley, year=1990, reason="An obituary.")
    assert found()


def test_who_speaks_here_is_not_dead_and_only_a_reviewer_says_so_with_a_source(
    brimley, reviewer, owner, operator
):
    for person in (owner, operator):
        with pytest.raises(PermissionDenied):
            record_death(actor=Actor.of(person), party=brimley, year=1851, reason="x")
    actor = Actor.of(reviewer)
    for year, reason in ((0, "x"), (timezone.localdate().year + 1, "x"), (1851, " ")):
        with pytest.raises(InvalidError):
            record_death(actor=actor, party=brimley, year=year, reason=reason)
    PartyMember.objects.create(party=brimley, user=owner, level=Level.DOCUMENT_CHECKED)
    with pytest.raises(RefusedError, match="speaks for"):
        record_death(actor=actor, party=brimley, year=1851, reason="A rumour.")
    brimley.refresh_from_db()
    assert brimley.died is None


def test_a_list_protects_its_names_and_aliases_once(tmp_path, db, capsys):
    path = tmp_path / "names.csv"
    path.write_text(
        "name,kind,aliases,died\nAldous Brimley,person,Brimelow Quent; A. Quent,\n"
        "Kettlecrane Studio,organisation,,\nOld Hand Marrow,person,,1700\n"
    )
    call_command("import_names", str(path), evidence="document-checked")
    call_command("import_names", str(path), evidence="document-checked")
    assert capsys.readouterr().out.split() == [
        "3",
        "new",
        "names",
        "on",
        "record.",
        "0",
        "new",
        "names",
        "on",
        "record.",
    ]
    (fact,) = found()
    assert fact.proven
    aliases = [("name", "brimelow-quent-art")]
    assert names_in(aliases, applicant=NOBODY, today=timezone.localdate())
    assert Party.objects.get(name="Old Hand Marrow").died == 1700


def test_names_without_evidence_flag_only(db):
    import_names(actor=SYSTEM, text="name\nAldous Brimley\n", level=Level.SELF_DECLARED)
    (fact,) = found()
    assert not fact.proven


@pytest.mark.parametrize(
    "text",
    ["nom\nx\n", "name,kind\nA B,robot\n", "name,died\nA B,long ago\n", 'name\n"A', "name\n \n"],
)
def test_a_bad_list_imports_nothing(tmp_path, db, text):
    path = tmp_path / "names.csv"
    path.write_text(text)
    with pytest.raises(CommandError):
        call_command("import_names", str(path))
    assert not Party.objects.exists()


def test_only_an_operator_imports(owner):
    with pytest.raises(PermissionDenied):
        import_names(actor=Actor.of(owner), text="name\nA B\n", level=Level.SIGNED)
