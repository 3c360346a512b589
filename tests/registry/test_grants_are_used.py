"""An approval counts against the permissions that it rests on."""

from __future__ import annotations

import pytest

from accounts.errors import RefusedError
from provenance.models import GrantUse
from tests.registry import records

pytestmark = pytest.mark.django_db


def test_a_permission_for_one_model_lets_one_request_be_approved(owner, reviewer, studio, base):
    image_set, party = records.make_set(owner, "Harbours", [1, 2])
    grant = records.grant_set(party, studio, max_models=1)
    run = records.approved_run(owner, reviewer, image_set, base)
    used = GrantUse.objects.get()
    assert (used.grant, used.subject) == (grant, f"request:{run.request_id}")
    GrantUse.objects.update(subject="request:another")
    other, _ = records.make_set(owner, "Piers", [3])
    for item, made in zip(other.items.all(), image_set.items.all(), strict=False):
        item.work = made.work
        item.save()
    with pytest.raises(RefusedError, match="blocked for this use"):
        records.approved_run(owner, reviewer, other, base, model_name="second")
