from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.actors import Actor
from ledger.models import Doorbell, Entry
from provenance.clearance.services import mark_stale
from provenance.consent.services import revoke_grant
from provenance.models import Grant, Standing
from registry.downloads.services import note_download
from registry.models import Cursor, Download
from registry.recall import services
from tests.registry import records
from training.review.services import revoke


@pytest.fixture
def revoked(gated, grant_and_run, studio, downloader):
    note_download(actor=Actor.of(downloader), revision=gated)
    revoke_grant(actor=Actor.of(studio), grant=grant_and_run[0], reason="No more.")
    records.number_entries()
    return gated


def quarantines():
    return Entry.objects.filter(kind="revision.quarantined").count()


def ring_all():
    """Deliver the doorbells of recall, as relay and worker do."""
    for task, handle in ((services.NOTIFY, services.notify), (services.TELL, services.tell)):
        for bell in Doorbell.objects.filter(task=task):
            handle(bell.object_id)
            bell.delete()


def test_a_revoked_grant_quarantines_what_rests_on_it(revoked):
    services.follow()
    revoked.refresh_from_db()
    assert revoked.state == "quarantined"
    assert "withdr" in revoked.ended_reason or "revoked" in revoked.ended_reason
    entry = Entry.objects.get(kind="revision.quarantined")
    assert "grant_revoked" in entry.codes["findings"]


def test_everybody_concerned_is_told_once(revoked, owner):
    services.follow()
    ring_all()
    services.ring_untold()
    ring_all()
    assert sorted(m.to[0] for m in mail.outbox) == [
        "downloader@example.org",
        "quayside@example.org",
    ]
    told = next(m for m in mail.outbox if "downloader" in m.to[0]).body
    assert "keep working" in told
    assert "and says: “No more.”" in told
    assert revoked.commit in told


def test_following_twice_quarantines_once(revoked):
    services.follow()
    services.follow()
    Cursor.objects.update(next_leaf=0)  # even from the beginning
    services.follow()
    assert quarantines() == 1


def test_of_two_followers_only_one_moves_the_cursor(revoked, monkeypatch):
    reason = services._reason

    def while_another_follows(revision):
        monkeypatch.setattr(services, "_reason", reason)
        services.follow()
        return reason(revision)

    monkeypatch.setattr(services, "_reason", while_another_follows)
    services.follow()
    assert quarantines() == 1


def test_a_worker_killed_before_the_commit_leaves_the_cursor_where_it_was(revoked, monkeypatch):
    def killed(*_args, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(services, "quarantine", killed)
        with pytest.raises(KeyboardInterrupt):
            services.follow()
    revoked.refresh_from_db()
    assert revoked.state == "released"
    services.follow()
    revoked.refresh_from_db()
    assert revoked.state == "quarantined"


def test_what_is_still_cleared_stays_and_stands_again(released):
    party = released.run.request.image_set.items.first().work.title_links.get().party
    from django.db import transaction

    with transaction.atomic():
        mark_stale(kind="party", refs=[str(party.pk)])
    assert Standing.objects.get(pk=f"revision:{released.pk}").stale_at
    records.number_entries()
    services.follow()
    released.refresh_from_db()
    assert released.state == "released"
    assert Standing.objects.get(pk=f"revision:{released.pk}").stale_at is None
    assert quarantines() == 0


def test_an_approval_taken_back_quarantines_its_model(released, reviewer):
    revoke(actor=Actor.of(reviewer), request=released.run.request, reason="A mistake.")
    records.number_entries()
    services.follow()
    released.refresh_from_db()
    assert (released.state, quarantines()) == ("quarantined", 1)


def test_a_permission_that_ended_by_its_date_is_found(gated, grant_and_run):
    yesterday = timezone.now().date() - timedelta(days=1)
    Grant.objects.filter(pk=grant_and_run[0].pk).update(not_after=yesterday)
    Standing.objects.filter(pk=f"revision:{gated.pk}").update(valid_until=yesterday)
    assert services.recheck_ended() == 1
    gated.refresh_from_db()
    assert gated.state == "quarantined"


def test_a_lost_doorbell_is_rung_again_until_all_are_told(revoked):
    services.follow()
    Doorbell.objects.all().delete()
    assert services.ring_untold() == 1
    ring_all()
    assert Download.objects.get().told_at is not None
    assert services.ring_untold() == 0


def test_nobody_is_told_of_a_model_that_is_served(released, downloader):
    note_download(actor=Actor.of(downloader), revision=released)
    services.notify(released.pk)
    services.tell(Download.objects.get().pk)
    assert mail.outbox == []
