"""Two do something at the same moment, on a real database: one of them counts, nothing is lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.errors import RefusedError
from ledger.models import Entry
from provenance.attribution.disputes import open_dispute
from provenance.attribution.works import describe_work
from provenance.clearance.services import evaluate_set, holds
from provenance.consent import services
from provenance.consent.services import sending
from provenance.models import Ask, Block, CreatorNotice, Dispute, Grant, GrantUse, Party, Work
from tests.provenance import records
from tests.provenance.consent.letters import asked, contact, deliver, last_link, yes
from tests.provenance.rights import TERMS, self_declared

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.provenance.rights import Rights

pytestmark = pytest.mark.django_db(transaction=True)
HOLDER = "rights@lantern.example"


def at_once(*commands: Callable[[], Any]) -> list[Any]:
    """What each command returned, or how it was refused, when all began together."""
    ready = threading.Barrier(len(commands))
    found: list[Any] = [None] * len(commands)

    def run(number: int) -> None:
        ready.wait()
        try:
            found[number] = commands[number]()
        except (RefusedError, PermissionDenied) as refusal:
            found[number] = refusal
        except Exception as error:  # noqa: BLE001 - the test reads it
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(commands))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    broken = [one for one in found if isinstance(one, Exception) and not _is_refusal(one)]
    assert broken == []
    return found


def _is_refusal(found: object) -> bool:
    return isinstance(found, RefusedError | PermissionDenied)


def refused(found: list[Any]) -> list[str]:
    return [one.code for one in found if isinstance(one, RefusedError)]


def permit(r: Rights, **more: Any) -> Grant:
    return services.give_grant(
        actor=records.actor(r.studio), party=r.lantern, terms=TERMS, works=None, **more
    )


@pytest.mark.parametrize("second", ["grant", "refuse", "not-mine", "block-all"])
def test_of_two_answers_on_one_link_one_counts(rights: Rights, second: str) -> None:
    contact(rights.lantern, HOLDER)
    ask = asked(rights)
    link, statuses = last_link(), []

    def post(body: dict[str, object]) -> None:
        statuses.append(Client().post(link, body).status_code)

    other = yes(rights) if second == "grant" else {"do": second}
    at_once(lambda: post(yes(rights)), lambda: post(other))
    assert sorted(statuses) == [302, 410]
    ask.refresh_from_db()
    granted = ask.state == Ask.State.GRANTED
    assert Grant.objects.count() == granted
    assert Entry.objects.filter(kind="permission.answered").count() == 1
    assert Block.objects.count() == (second == "block-all" and not granted)


def test_of_a_member_and_a_link_one_answers(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    ask = asked(rights)
    link, statuses = last_link(), []
    found = at_once(
        lambda: statuses.append(Client().post(link, yes(rights)).status_code),
        lambda: services.grant(actor=records.actor(rights.studio), ask=ask, terms=TERMS),
        lambda: services.withdraw_ask(actor=records.actor(rights.applicant), ask=ask),
    )
    ask.refresh_from_db()
    assert len(refused(found)) + (statuses != [302]) == 2
    assert Grant.objects.count() == (ask.state == Ask.State.GRANTED)


def test_a_confirmation_counts_once(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    asked(rights)
    Client().post(last_link(), yes(rights, "train", "distribute-weights"))
    deliver()
    link, statuses = last_link(), []
    at_once(*[lambda: statuses.append(Client().post(link).status_code)] * 3)
    assert sorted(statuses) == [200, 410, 410]
    assert Grant.objects.count() == 1


def test_a_creator_answers_a_notice_by_its_link_once(rights: Rights) -> None:
    contact(rights.maren, "maren@solvik.example")
    permit(rights)
    deliver()
    link, statuses = last_link("maren@solvik.example"), []
    objecting, silent = {"objects": "on", "words": "no"}, {"words": ""}
    at_once(
        lambda: statuses.append(Client().post(link, objecting).status_code),
        lambda: statuses.append(Client().post(link, silent).status_code),
        lambda: statuses.append(Client().post(link, objecting).status_code),
    )
    assert sorted(statuses) == [200, 410, 410]
    state = CreatorNotice.objects.get().state
    objections = Entry.objects.filter(kind="creator.objected").count()
    assert objections == (state == CreatorNotice.State.OBJECTED)


def test_a_permission_is_withdrawn_once(rights: Rights) -> None:
    given, actor = permit(rights), records.actor(rights.studio)
    found = at_once(
        *[lambda: services.revoke_grant(actor=actor, grant=given, reason="no more")] * 3
    )
    assert refused(found) == ["already_revoked"] * 2
    assert Entry.objects.filter(kind="grant.revoked").count() == 1


def test_no_decision_made_during_a_withdrawal_outlives_it(rights: Rights) -> None:
    for _ in range(5):
        given = permit(rights)
        at_once(
            lambda g=given: services.revoke_grant(
                actor=records.actor(rights.studio), grant=g, reason="no more"
            ),
            lambda: evaluate_set(
                image_set=rights.image_set, use=rights.use, subject=rights.subject
            ),
        )
        assert not holds(rights.subject)


def test_a_grant_for_one_model_is_used_once(rights: Rights) -> None:
    given = services.give_grant(
        actor=records.actor(rights.studio),
        party=rights.lantern,
        terms=replace(TERMS, max_models=1),
        works=None,
    )

    def use(number: int) -> None:
        with transaction.atomic():
            services.use_grants(
                actor=records.actor(rights.studio), subject=f"request:{number}", grants=[given.pk]
            )

    found = at_once(lambda: use(1), lambda: use(2), lambda: use(3))
    assert refused(found) == ["grant_used_up"] * 2
    assert GrantUse.objects.count() == 1


def test_a_party_is_asked_once_for_a_set(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    found = at_once(*[lambda: asked(rights)] * 3)
    assert refused(found) == ["already_asked"] * 2
    assert Ask.objects.count() == 1


def test_two_workers_remind_once(rights: Rights) -> None:
    contact(rights.lantern, HOLDER)
    ask = asked(rights)
    Ask.objects.filter(pk=ask.pk).update(asked_at=timezone.now() - timedelta(days=8))
    assert sum(at_once(sending.remind, sending.remind, sending.remind)) == 1


def test_a_work_is_claimed_once_by_one_party(rights: Rights) -> None:
    user = records.user("claimant")
    party = Party.objects.create(name="Old Lantern", kind="organisation")
    self_declared(user, party)
    work, said = rights.works[0], {"party": party, "statement": "Ours."}
    found = at_once(*[lambda: open_dispute(actor=Actor.of(user), work=work, **said)] * 3)
    assert refused(found) == ["already_disputed"] * 2
    assert Dispute.objects.count() == 1


def test_of_two_works_that_become_part_of_each_other_one_does(rights: Rights) -> None:
    one, other = rights.works
    actor = records.actor(rights.operator)
    for _ in range(5):
        found = at_once(
            lambda: describe_work(actor=actor, work=one, changes={"part_of": other}),
            lambda: describe_work(actor=actor, work=other, changes={"part_of": one}),
        )
        assert refused(found) == ["circular_part"]
        Work.objects.update(part_of=None)


def test_a_reservation_is_lifted_once(rights: Rights) -> None:
    actor = records.actor(rights.studio)
    made = services.reserve(actor=actor, party=rights.lantern)
    found = at_once(*[lambda: services.lift_reservation(actor=actor, reservation=made)] * 3)
    assert refused(found) == ["already_lifted"] * 2
