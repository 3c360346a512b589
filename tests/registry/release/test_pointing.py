from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.errors import InvalidError, RefusedError
from provenance.models import Level, Party
from registry.release import pointing, services
from registry.release.diffs import difference
from tests.registry import records


@pytest.fixture
def second(owner, reviewer, base, released):
    """Another revision of the same model."""
    image_set, party = records.make_set(owner, "more harbours", range(31, 35))
    records.license_set(image_set, party)
    run = records.approved_run(owner, reviewer, image_set, base)
    records.finish(run)
    return records.release(owner, run)


def test_a_label_means_one_revision_for_ever(client, owner, released, second):
    actor = Actor.of(owner)
    pointing.set_label(actor=actor, revision=released, label="v1")
    with pytest.raises(RefusedError, match="never moves"):
        pointing.set_label(actor=actor, revision=second, label="v1")
    info = client.get(f"/api/models/{released.model}/revision/v1").json()
    assert info["sha"] == released.commit
    main = client.get(f"/api/models/{released.model}").json()
    assert main["sha"] == second.commit
    tags = client.get(f"/api/models/{released.model}/refs").json()["tags"]
    assert [(t["name"], t["targetCommit"]) for t in tags] == [("v1", released.commit)]
    moved = client.get(f"/{released.model}/resolve/v1/README.md")
    assert (moved.status_code, moved["Location"].split("/")[-2]) == (307, released.commit)


@pytest.mark.parametrize("label", ["main", "0" * 40, "", "a b", "../x", "a" * 41, "é"])
def test_what_could_be_taken_for_something_else_is_no_label(owner, released, label):
    with pytest.raises(InvalidError):
        pointing.set_label(actor=Actor.of(owner), revision=released, label=label)


def test_only_the_owner_labels_renames_and_deprecates(stranger, released):
    actor = Actor.of(stranger)
    for command, more in (
        (pointing.set_label, {"revision": released, "label": "v1"}),
        (pointing.deprecate, {"revision": released, "reason": "old"}),
        (pointing.rename, {"model": released.model, "name": "other"}),
    ):
        with pytest.raises(RefusedError) as refused:
            command(actor=actor, **more)
        assert refused.value.status == 403


def test_a_deprecated_revision_names_its_successor_and_there_is_no_circle(
    client, owner, released, second
):
    actor = Actor.of(owner)
    pointing.deprecate(actor=actor, revision=released, reason="Too few works.", successor=second)
    with pytest.raises(InvalidError, match="lead back"):
        pointing.deprecate(actor=actor, revision=second, reason="No.", successor=released)
    body = client.get(f"/api/v1/revisions/{released.pk}/").json()
    assert body["deprecated_reason"] == "Too few works."
    assert body["successor"] == str(second.pk)
    page = client.get(f"/{released.model}?revision={released.pk}").content.decode()
    assert "Too few works." in page
    assert client.get(f"/{released.model}/resolve/{released.commit}/README.md").status_code == 200


def test_the_difference_of_two_revisions_is_by_file_and_by_line_of_the_card(
    client, released, second
):
    found = difference(released, second)
    assert "README.md" in found.changed
    assert found.same > 5
    assert any(line.startswith("-") for line in found.card)
    assert not difference(released, released).changed
    answer = client.get(f"/api/v1/revisions/{released.pk}/diff/{second.pk}/").json()
    assert answer["changed"] == list(found.changed)


def test_a_renamed_model_is_found_at_both_addresses_with_any_method(client, owner, released):
    pointing.rename(actor=Actor.of(owner), model=released.model, name="quiet-harbours")
    old = "quayside/lamp-lit-harbours"
    moved = client.get(f"/api/models/{old}?blobs=true")
    assert (moved.status_code, moved["Location"]) == (
        307, "/api/models/quayside/quiet-harbours?blobs=true",
    )  # fmt: skip
    posted = client.post(f"/api/models/{old}/paths-info/main", {"paths": ["README.md"]})
    assert posted.status_code == 307
    file = client.head(f"/{old}/resolve/main/README.md")
    assert file["Location"] == "/quayside/quiet-harbours/resolve/main/README.md"
    assert client.get("/api/models/quayside/quiet-harbours").json()["sha"] == released.commit
    assert client.get(f"/{old}").status_code == 307


def test_an_address_left_for_cause_leads_nowhere(client, reviewer, owner, released):
    pointing.rename(
        actor=Actor.of(reviewer), model=released.model, name="plain-harbours",
        reason="The old name was a person's.",
    )  # fmt: skip
    gone = client.get("/api/models/quayside/lamp-lit-harbours")
    absent = client.get("/api/models/nobody/nothing")
    assert (gone.status_code, gone.content) == (absent.status_code, absent.content)
    assert client.get("/quayside/lamp-lit-harbours").status_code == 404
    with pytest.raises(RefusedError, match="is, or was"):
        pointing.rename(actor=Actor.of(owner), model=released.model, name="lamp-lit-harbours")


def test_no_model_takes_a_persons_name_by_renaming(owner, released):
    Party.objects.create(kind="person", name="Ottoline Vexmoor", level=Level.DOCUMENT_CHECKED)
    with pytest.raises(RefusedError, match="looks like a person's name"):
        pointing.rename(actor=Actor.of(owner), model=released.model, name="ottoline-vexmoor-style")


def test_a_private_models_old_address_tells_a_stranger_nothing(client, owner, open_run):
    revision = records.build(open_run)
    pointing.rename(actor=Actor.of(owner), model=revision.model, name="quiet-harbours")
    answer = client.get("/api/models/quayside/lamp-lit-harbours")
    assert (answer.status_code, answer["X-Error-Code"]) == (401, "RepoNotFound")


def test_of_two_releases_one_is_main_and_both_stay(client, owner, released, second):
    services.withdraw(actor=Actor.of(owner), revision=second, reason="A mistake.")
    assert client.get(f"/api/models/{released.model}").status_code == 451
    assert client.get(f"/api/models/{released.model}/revision/{released.commit}").status_code == 200
