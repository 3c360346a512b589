from __future__ import annotations

import pytest
from django.http import Http404

from accounts.actors import Actor
from accounts.errors import InvalidError, RefusedError
from ledger.models import Entry
from provenance.consent.services import revoke_grant
from registry.models import Audit, Revision
from registry.release import selectors, services, states
from tests.registry import records


def test_the_states_are_those_of_the_records():
    assert set(states.STATES) == set(Revision.State.values)
    used = {s for command in states.COMMANDS for s in (*command.sources, command.target)}
    assert used - {None} == set(states.STATES)


@pytest.mark.parametrize("command", states.COMMANDS, ids=lambda c: c.name)
@pytest.mark.parametrize("state", states.STATES)
def test_a_stranger_may_do_nothing_in_any_state(command, state):
    assert states.allowed(command.name, state=state, roles=[], is_owner=False).code == "not_yours"


@pytest.mark.parametrize("command", states.COMMANDS, ids=lambda c: c.name)
def test_nothing_happens_from_a_state_that_the_table_does_not_name(command):
    roles = ["reviewer", "operator"]
    for state in set(states.STATES) - set(command.sources):
        owner = not command.four_eyes
        refusal = states.allowed(command.name, state=state, roles=roles, is_owner=owner)
        assert refusal.code == "wrong_state"


@pytest.mark.parametrize("name", ["accept-flag", "lift"])
def test_nobody_lets_their_own_model_pass_whatever_roles_they_have(name):
    state = states.BY_NAME[name].sources[0]
    refusal = states.allowed(name, state=state, roles=["reviewer", "operator"], is_owner=True)
    assert refusal.code == "own_model"


def test_the_owner_releases_an_audited_revision(owner, open_run):
    revision = records.release(owner, open_run)
    assert revision.state == "released"
    entry = Entry.objects.get(kind="revision.released")
    assert entry.subject == f"revision:{revision.pk}"
    assert entry.codes["commit"] == revision.commit


def test_the_page_of_a_run_leads_to_its_model(client, owner, open_run):
    client.force_login(owner)
    page = f"/runs/{open_run.pk}/"
    assert "It is audited next" in client.get(page).content.decode()
    revision = records.build(open_run)
    assert f'href="/{revision.model}"' in client.get(page).content.decode()


def test_somebody_else_cannot_release_it(open_run, reviewer):
    revision = records.build(open_run)
    with pytest.raises(services.ForbiddenError, match="Only the owner"):
        services.release(actor=Actor.of(reviewer), revision=revision)


def test_a_draft_cannot_be_released(owner, open_run):
    open_run.samples.all().delete()
    revision = records.build(open_run)
    with pytest.raises(RefusedError, match="must be audited"):
        services.release(actor=Actor.of(owner), revision=revision)


def test_nothing_is_released_after_its_grant_was_revoked(owner, studio, grant_and_run):
    grant, run = grant_and_run
    revision = records.build(run)
    revoke_grant(actor=Actor.of(studio), grant=grant, reason="No more.")
    with pytest.raises(RefusedError, match="no longer cleared"):
        services.release(actor=Actor.of(owner), revision=revision)


def test_a_grant_revoked_while_releasing_still_stops_it(owner, studio, grant_and_run, monkeypatch):
    grant, run = grant_and_run
    revision = records.build(run)
    cleared = services._require_cleared

    def cleared_then_revoked(found):
        cleared(found)
        revoke_grant(actor=Actor.of(studio), grant=grant, reason="No more.")

    monkeypatch.setattr(services, "_require_cleared", cleared_then_revoked)
    with pytest.raises(RefusedError, match="withdrawn while you released"):
        services.release(actor=Actor.of(owner), revision=revision)
    revision.refresh_from_db()
    assert revision.state == "audited"


def test_a_name_that_was_registered_since_stops_the_release(owner, open_run):
    from provenance.models import Level, Party

    revision = records.build(open_run)
    Party.objects.create(kind="person", name="Lamp Litharbours", level=Level.SIGNED)
    with pytest.raises(RefusedError):
        services.release(actor=Actor.of(owner), revision=revision)


def test_an_approval_taken_back_stops_the_release(owner, reviewer, open_run):
    from training.review.services import revoke

    revision = records.build(open_run)
    revoke(actor=Actor.of(reviewer), request=open_run.request, reason="A mistake.")
    with pytest.raises(RefusedError, match="approval of its training was taken back"):
        services.release(actor=Actor.of(owner), revision=revision)


def _flag(revision):
    report = {"memorisation": {}, "checks": [], "outcome": "flagged"}
    Revision.objects.filter(pk=revision.pk).update(state="draft", commit="")
    revision.files.all().delete()
    report = revision.audits.get().report | {"outcome": "flagged"}
    revision.refresh_from_db()
    return Audit.objects.create(revision=revision, outcome="flagged", report=report)


def test_a_flagged_audit_waits_for_a_reviewer_who_is_not_the_owner(owner, reviewer, open_run):
    revision = records.build(open_run)
    _flag(revision)
    assert records.build(open_run).state == "draft"
    owner.is_reviewer = True
    with pytest.raises(services.ForbiddenError, match="of their own"):
        services.accept_flag(actor=Actor.of(owner), revision=revision, reason="Fine.")
    with pytest.raises(InvalidError, match="reason"):
        services.accept_flag(actor=Actor.of(reviewer), revision=revision, reason=" ")
    services.accept_flag(actor=Actor.of(reviewer), revision=revision, reason="Different boats.")
    built = records.build(open_run)
    assert built.state == "audited"
    assert "Different boats" in built.card


def test_a_failed_audit_cannot_be_accepted(reviewer, open_run):
    open_run.samples.all().delete()
    revision = records.build(open_run)
    with pytest.raises(RefusedError, match="not flagged"):
        services.accept_flag(actor=Actor.of(reviewer), revision=revision, reason="Please.")


def test_quarantine_needs_a_reason_and_is_lifted_by_somebody_else(released, reviewer):
    actor = Actor.of(reviewer)
    with pytest.raises(InvalidError):
        services.quarantine(actor=actor, revision=released, reason="")
    held = services.quarantine(actor=actor, revision=released, reason="A complaint.")
    assert (held.state, held.ended_reason) == ("quarantined", "A complaint.")
    free = services.lift(actor=actor, revision=held, reason="It was unfounded.")
    assert (free.state, free.ended_reason) == ("released", "")
    kinds = Entry.objects.filter(subject=f"revision:{released.pk}").values_list("kind", flat=True)
    assert {"revision.quarantined", "revision.lifted"} <= set(kinds)


def test_a_quarantine_is_not_lifted_while_the_grant_is_gone(gated, grant_and_run, studio, reviewer):
    held = services.quarantine(actor=Actor.of(reviewer), revision=gated, reason="Look.")
    revoke_grant(actor=Actor.of(studio), grant=grant_and_run[0], reason="No more.")
    with pytest.raises(RefusedError, match="no longer cleared"):
        services.lift(actor=Actor.of(reviewer), revision=held, reason="Let us see.")


def test_the_owner_withdraws_for_good(released, owner, reviewer):
    gone = services.withdraw(actor=Actor.of(owner), revision=released, reason="I retire it.")
    assert gone.state == "withdrawn"
    with pytest.raises(RefusedError):
        services.lift(actor=Actor.of(reviewer), revision=gone, reason="No.")


def test_of_two_who_act_at_once_the_second_is_refused(released, reviewer, owner):
    stale = Revision.objects.select_related("model").get(pk=released.pk)
    services.withdraw(actor=Actor.of(owner), revision=released, reason="I retire it.")
    with pytest.raises(RefusedError, match="withdrawn"):
        services.quarantine(actor=Actor.of(reviewer), revision=stale, reason="Late.")


def test_a_stranger_does_not_see_what_was_never_released(open_run, stranger, owner, reviewer):
    revision = records.build(open_run)
    for actor in (None, Actor.of(stranger)):
        with pytest.raises(Http404):
            selectors.find(actor, revision.pk)
        with pytest.raises(Http404):
            selectors.find_model(actor, "quayside", "lamp-lit-harbours")
    for user in (owner, reviewer):
        assert selectors.find(Actor.of(user), revision.pk) == revision
