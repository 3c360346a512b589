"""Permissions that end soon, with what rests on them, for those whom it concerns."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from provenance.models import Grant

WHERE = "/api/v1/endings/"


def test_a_permission_that_ends_soon_names_the_models_that_it_touches(
    client, gated, grant_and_run, owner
):
    grant, run = grant_and_run
    client.force_login(owner)
    assert client.get(WHERE).json() == []
    last = timezone.now().date() + timedelta(days=30)
    Grant.objects.filter(pk=grant.pk).update(not_after=last)
    (ending,) = client.get(WHERE).json()
    assert (ending["grant"], ending["on"]) == (str(grant.pk), last.isoformat())
    assert ending["models"] == [str(gated.model)]
    assert ending["requests"] == [str(run.request)]
    assert client.get(WHERE, {"days": 29}).json() == []
    assert b"Permissions that end soon" in client.get("/").content


def test_what_was_withdrawn_today_has_ended_and_does_not_end_soon(
    client, gated, grant_and_run, owner
):
    client.force_login(owner)
    today = timezone.now().date()
    Grant.objects.update(revoked_at=timezone.now(), revoked_from=today)
    assert client.get(WHERE).json() == []
    Grant.objects.update(revoked_from=today + timedelta(days=1))
    assert len(client.get(WHERE).json()) == 1


def test_a_stranger_learns_nothing_and_a_wrong_number_is_said_so(client, gated, grant_and_run):
    grant, _ = grant_and_run
    Grant.objects.filter(pk=grant.pk).update(not_after=timezone.now().date())
    assert client.get(WHERE).status_code == 401
    client.force_login(grant.assigner.members.get().user)
    assert client.get(WHERE).json() == []
    for days in ("0", "367", "x", "-1", "1e3"):
        assert client.get(WHERE, {"days": days}).json()["code"] == "bad_days"
