"""Two releases of one model at one moment: both are there, and `main` is one of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.actors import Actor
from accounts.errors import RefusedError
from registry.models import Model
from registry.release import services
from registry.release.selectors import main_revision
from tests.registry import records

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*commands):
    barrier = Barrier(len(commands))

    def run(command):
        barrier.wait()
        try:
            return command()
        except RefusedError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(run, commands))


def test_two_runs_of_one_model_are_built_and_released_at_once(owner, reviewer, base, open_run):
    image_set, party = records.make_set(owner, "more harbours", range(31, 35))
    records.license_set(image_set, party)
    other = records.approved_run(owner, reviewer, image_set, base)
    records.finish(other)
    built = at_once(*(lambda run=run: records.build(run) for run in (open_run, other)))
    assert Model.objects.count() == 1
    actor = Actor.of(owner)
    done = at_once(*(lambda r=r: services.release(actor=actor, revision=r) for r in built))
    assert [r.state for r in done] == ["released", "released"]
    assert main_revision(None, built[0].model) in done
    assert done[0].commit != done[1].commit


def test_of_two_who_release_one_revision_the_second_is_refused(owner, open_run):
    revision, actor = records.build(open_run), Actor.of(owner)
    done = at_once(*[lambda: services.release(actor=actor, revision=revision)] * 2)
    refused = [one for one in done if isinstance(one, RefusedError)]
    assert [one.code for one in refused] == ["wrong_state"]
