"""Licences are read, and the policy set, by an operator's act that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied

from accounts.actors import SYSTEM
from accounts.errors import InvalidError
from ledger.models import Entry
from provenance.attribution.licences import licence_named
from provenance.attribution.services import declare
from provenance.clearance.services import evaluate_set
from provenance.consent import services
from provenance.consent.policy import SHIPPED, current_policy
from provenance.models import Licence, LicenceReading, PolicyRecord, Standing, StandingBasis
from tests.provenance import records

if TYPE_CHECKING:
    from tests.provenance.rights import Rights

pytestmark = pytest.mark.django_db
CODE = "CC-BY-4.0"


def resting_on(r: Rights, kind: str, ref: str) -> None:
    evaluate_set(image_set=r.image_set, use=r.use, subject=r.subject)
    StandingBasis.objects.get_or_create(standing_id=r.subject, kind=kind, ref=ref)


def is_stale(r: Rights) -> bool:
    return Standing.objects.get(pk=r.subject).stale_at is not None


def test_every_licence_has_its_kind_its_first_reading_and_a_word_on_what_is_uncertain() -> None:
    for licence in Licence.objects.all():
        first = licence.readings.get()
        assert (first.number, licence.reading) == (1, 1)
        assert first.body["training"] == licence.training
        assert licence.note
    kinds = dict(Licence.objects.values_list("code", "kind"))
    assert kinds[CODE] == "cc"
    assert kinds["CC0-1.0"] == "public-domain"
    assert kinds["MIT"] == "software"
    assert kinds["LicenseRef-RSL-ai-train"] == kinds["LicenseRef-RSL-prohibited"] == "rsl"
    assert kinds["LicenseRef-stock-ai-excluded"] == "stock"
    assert Licence.objects.get(pk="CC-BY-NC-ND-3.0").version == "3.0"


def test_a_new_reading_is_kept_and_what_rests_on_the_licence_goes_stale(rights: Rights) -> None:
    resting_on(rights, "licence", CODE)
    licence = services.read_licence(
        actor=records.actor(rights.operator),
        code=CODE,
        changes={"training": "no"},
        reason="counsel said so",
    )
    assert (licence.training, licence.reading) == ("no", 2)
    assert [r.body["training"] for r in licence.readings.order_by("number")] == ["silent", "no"]
    assert licence.readings.get(number=2).read_by == rights.operator
    assert Entry.objects.filter(kind="licence.read", subject=f"licence:{CODE}").count() == 1
    assert is_stale(rights)


@pytest.mark.parametrize(
    "changes",
    [{}, {"training": "maybe"}, {"code": "MIT"}, {"commercial": "yes"}, {"training": True},
     {"training": "silent"}],
)  # fmt: skip
def test_a_reading_that_says_nothing_or_nonsense_is_refused(changes: dict) -> None:
    with pytest.raises(InvalidError):
        services.read_licence(actor=SYSTEM, code=CODE, changes=changes, reason="why")
    assert LicenceReading.objects.filter(number=2).count() == 0


def test_only_an_operator_reads_licences_and_sets_the_policy(rights: Rights) -> None:
    actor = records.actor(rights.studio)
    with pytest.raises(PermissionDenied):
        services.read_licence(actor=actor, code=CODE, changes={"training": "no"}, reason="x")
    with pytest.raises(PermissionDenied):
        services.set_policy(actor=actor, changes={"silent_licence": "clear"}, reason="x")


@pytest.mark.parametrize(
    ("written", "near"), [("CC-BY-4", "CC-BY-4.0"), ("cc-by-4.0", "CC-BY-4.0"), ("Mit", "MIT")]
)
def test_an_unknown_spdx_id_names_the_nearest(written: str, near: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        licence_named(written)
    assert near in refusal.value.remedy


def test_an_id_like_no_other_is_just_unknown(rights: Rights) -> None:
    with pytest.raises(InvalidError, match="SPDX") as refusal:
        declare(
            actor=records.actor(rights.applicant),
            image_set=rights.image_set,
            changes={rights.items[0].pk: {"licence": "@@@@@@", "holders": ("Ada",)}},
        )
    assert "list of licences" in refusal.value.remedy


def test_nobody_edits_a_licence_in_the_admin(rf) -> None:
    for model in (Licence, LicenceReading, PolicyRecord):
        assert not admin.site._registry[model].has_change_permission(rf.get("/"))


def test_the_shipped_policy_flags_silence_and_wants_more_than_a_word_beyond_training() -> None:
    policy = current_policy()
    assert (policy["silent_licence"], policy["uncleared_base"]) == ("flag", "flag")
    assert policy["evidence"]["train"] == policy["evidence"]["display"] == [0, 0]
    strong = {action for action, levels in policy["evidence"].items() if levels == [1, 0]}
    assert strong == {
        "distribute-weights", "commercial-outputs", "further-train", "host-as-service",
        "use-name", "use-likeness",
    }  # fmt: skip


def test_the_newest_policy_counts_and_what_rests_on_it_goes_stale(rights: Rights) -> None:
    resting_on(rights, "policy", "site")
    operator = records.actor(rights.operator)
    for word in ("block", "clear"):
        services.set_policy(actor=operator, changes={"silent_licence": word}, reason="we decided")
    services.set_policy(actor=operator, changes={"evidence": {"train": [1, 2]}}, reason="safer")
    policy = current_policy()
    assert policy["silent_licence"] == "clear"
    assert policy["evidence"]["train"] == [1, 2]
    assert policy["evidence"]["use-name"] == SHIPPED["evidence"]["use-name"]
    assert SHIPPED["evidence"]["train"] == [0, 0]
    assert Entry.objects.filter(kind="policy.changed", subject="policy:site").count() == 3
    assert is_stale(rights)


@pytest.mark.parametrize(
    "changes",
    [{}, {"silent_licence": "allow"}, {"uncleared_base": "clear"}, {"mood": 1}, {"evidence": []},
     {"evidence": {"eat": [0, 0]}}, {"evidence": {"train": [0]}}, {"evidence": {"train": [0, 9]}},
     {"evidence": {"train": [True, True]}}, {"evidence": {"train": "00"}},
     {"silent_licence": ["flag"]}],
)  # fmt: skip
def test_a_policy_that_makes_no_sense_is_refused(changes: dict) -> None:
    with pytest.raises(InvalidError):
        services.set_policy(actor=SYSTEM, changes=changes, reason="why")
    with pytest.raises(InvalidError, match="Say why"):
        services.set_policy(actor=SYSTEM, changes={"silent_licence": "block"}, reason=" ")
    assert not PolicyRecord.objects.exists()


def test_anybody_reads_the_policy_and_an_operator_changes_it_over_the_api(rights: Rights) -> None:
    from rest_framework.test import APIClient

    policy, readings = "/api/v1/policy/", f"/api/v1/licences/{CODE}/readings/"
    assert APIClient().get(policy).json()["silent_licence"] == "flag"
    body = {"changes": {"silent_licence": "block"}, "reason": "we decided"}
    assert APIClient().post(policy, body).status_code == 401
    assert records.client_of(rights.studio).post(policy, body).status_code == 403
    operator = records.client_of(rights.operator)
    assert operator.post(policy, body).json()["silent_licence"] == "block"
    answer = operator.post(readings, {"changes": {"training": "yes"}, "reason": "x"}).json()
    assert (answer["training"], answer["reading"]) == ("yes", 2)
    assert records.client_of(rights.studio).post(readings, body).status_code == 403
