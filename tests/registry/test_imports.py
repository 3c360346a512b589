"""Models that were trained elsewhere: unverified, quarantined at first, never called audited."""

from __future__ import annotations

import json

import numpy as np
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from safetensors.numpy import save_file

from accounts.actors import SYSTEM, Actor
from accounts.errors import InvalidError, RefusedError
from ledger.models import Entry
from provenance.models import Level, Party
from registry.imports import services
from registry.models import ImportedModel
from registry.release import services as releasing
from tests.registry import records
from training.bases.anatomy import WEIGHTS

SAID = {"provenance": "Made by us of our own drawings.", "licence": "CC0-1.0", "cleared": "unknown"}


@pytest.fixture
def folder(open_run):
    return make_folder(open_run)


def make_folder(open_run):
    """A diffusers folder from elsewhere, with what a hub client leaves in it."""
    made = settings.DATA_DIR / "elsewhere"
    configs = {"unet": {"cross_attention_dim": 8, "in_channels": 4},
               "vae": {"latent_channels": 4}, "text_encoder": {"hidden_size": 8}}  # fmt: skip
    for part in records.PARTS:
        (made / part).mkdir(parents=True)
        name = "scheduler_config.json" if part == "scheduler" else "config.json"
        (made / part / name).write_text(json.dumps(configs.get(part, {})))
    for part, name in WEIGHTS.items():
        if part in configs and part != "unet":
            save_file({"x": np.zeros(1, np.float32)}, made / part / f"{name}.safetensors")
    (made / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    (made / ".cache").mkdir()
    (made / ".cache" / "x.lock").write_text("")
    records.write_weights(open_run, made / "unet" / "diffusion_pytorch_model.safetensors")
    return made


def make_import(open_run, owner):
    return bring_in(make_folder(open_run), owner)


def bring_in(folder, owner, **changes):
    given = {"name": "old-quays", "origin": "https://example.org/old-quays"} | changes
    return services.import_model(actor=SYSTEM, folder=folder, owner=owner, **given)


@pytest.fixture
def imported(folder, owner):
    return bring_in(folder, owner)


def test_an_import_is_quarantined_and_only_its_owner_and_overseers_see_it(
    client, folder, owner, stranger, reviewer, capsys
):
    call_command("import_model", str(folder), owner="quayside", name="old-quays", origin="a disk")
    assert "quarantined: 9 files" in capsys.readouterr().out
    imported = ImportedModel.objects.get()
    page, api = f"/catalogue/imports/{imported.pk}/", f"/api/v1/imports/{imported.pk}/"
    for person, status in ((None, 404), (stranger, 404), (owner, 200), (reviewer, 200)):
        if person:
            client.force_login(person)
        assert client.get(page).status_code == status
        assert client.get(api).status_code == status
        listed = client.get("/api/v1/imports/").json()["count"]
        assert listed == (status == 200)
    body = client.get(api).json()
    assert (body["state"], body["audited"]) == ("quarantined", False)
    assert not list((services.folder_of(imported)).glob(".*"))


def test_only_a_second_person_ends_the_quarantine_and_it_stays_unverified(
    client, imported, owner, reviewer, stranger
):
    with pytest.raises(PermissionDenied):  # nothing is on record yet
        services.accept(actor=Actor.of(reviewer), imported=imported, reason="Fine.")
    with pytest.raises(PermissionDenied):
        services.record_provenance(actor=Actor.of(stranger), imported=imported, **SAID)
    services.record_provenance(actor=Actor.of(owner), imported=imported, **SAID)
    owner.is_reviewer = True
    with pytest.raises(PermissionDenied):
        services.accept(actor=Actor.of(owner), imported=imported, reason="Mine.")
    with pytest.raises(InvalidError, match="reason"):
        services.accept(actor=Actor.of(reviewer), imported=imported, reason=" ")
    services.accept(actor=Actor.of(reviewer), imported=imported, reason="It says enough.")
    assert imported.state == "unverified"
    shown = client.get(f"/catalogue/imports/{imported.pk}/").content.decode()
    assert "Not audited" in shown
    assert "Made by us of our own drawings." in shown
    assert not client.get(f"/api/v1/imports/{imported.pk}/").json()["audited"]
    kinds = Entry.objects.filter(subject=f"import:{imported.pk}").values_list("kind", flat=True)
    assert set(kinds) == {"model.imported", "import.provenance_recorded", "import.accepted"}
    services.quarantine(actor=Actor.of(reviewer), imported=imported, reason="A complaint.")
    client.logout()
    assert client.get(f"/catalogue/imports/{imported.pk}/").status_code == 404


def test_nothing_of_an_import_is_a_revision_or_a_download(client, imported, owner):
    assert not owner.owned_models.exists()
    client.force_login(owner)
    assert client.get("/api/models/quayside/old-quays").status_code == 404
    assert client.get("/quayside/old-quays/resolve/main/model_index.json").status_code == 404


def test_the_database_holds_the_quarantine(imported):
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedModel.objects.filter(pk=imported.pk).update(state="unverified")


def test_the_pages_forms_act(client, imported, owner, reviewer):
    client.force_login(owner)
    url = f"/catalogue/imports/{imported.pk}/"
    assert "Record its provenance" in client.get(url).content.decode()
    told = SAID | {"provenance": "<script>alert(1)</script>"}
    client.post(url + "provenance/", told)
    assert client.post(url + "accept/", {"reason": "x"}, follow=True).status_code == 200
    client.force_login(reviewer)
    shown = client.get(url).content.decode()
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    client.post(url + "accept/", {"reason": "Enough."})
    imported.refresh_from_db()
    assert imported.state == "unverified"
    assert client.post(url + "destroy/").status_code == 404


@pytest.mark.parametrize(
    "name", ["unet/model.bin", "x.ckpt", "x.pkl", "x.pt", "pipeline.py", "a.safetensors"]
)
def test_weights_that_can_run_code_and_broken_ones_are_refused(folder, owner, name):
    (folder / name).write_bytes(b"\x80\x04.")
    with pytest.raises(InvalidError, match="Nothing was imported"):
        bring_in(folder, owner)
    assert not ImportedModel.objects.exists()
    assert not list((folder.parent / "imports").iterdir())


def test_a_link_out_of_the_folder_is_refused(folder, owner, tmp_path):
    (tmp_path / "secret.json").write_text("{}")
    (folder / "vae" / "x.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(InvalidError, match="link"):
        bring_in(folder, owner)


def test_a_persons_name_a_taken_name_and_a_withdrawn_models_weights_are_refused(
    folder, owner, open_run, client
):
    Party.objects.create(kind="person", name="Mirelle Okonvask", level=Level.DOCUMENT_CHECKED)
    with pytest.raises(RefusedError, match="person's name"):
        bring_in(folder, owner, name="mirelle-okonvask-style")
    bring_in(folder, owner)
    with pytest.raises(RefusedError, match="import of that name"):
        bring_in(folder, owner)
    revision = records.release(owner, open_run)
    releasing.withdraw(actor=Actor.of(owner), revision=revision, reason="Gone.")
    with pytest.raises(RefusedError, match="withdrawn revision"):
        bring_in(folder, owner, name="other-quays")


def test_an_import_needs_an_operator_a_known_owner_and_its_origin(folder, owner):
    with pytest.raises(PermissionDenied):
        services.import_model(
            actor=Actor.of(owner), folder=folder, owner=owner, name="x1", origin="a disk"
        )
    with pytest.raises(InvalidError, match="got from"):
        bring_in(folder, owner, origin=" ")
    with pytest.raises(CommandError, match="no user"):
        call_command("import_model", str(folder), owner="nobody", name="x", origin="y")
