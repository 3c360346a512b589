import shutil
import sys
from collections import namedtuple
from dataclasses import replace
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts.actors import SYSTEM, Actor
from accounts.errors import InvalidError
from ledger.models import Entry
from tests.training.conftest import write_fake_base
from training.bases import services
from training.bases.rules import file_sha256, folder_digest
from training.bases.statements import TEMPLATES, Statement, why_no_base
from training.models import Base

WORDS = Statement("CC0-1.0", "cleared", "Shapes.")


@pytest.fixture
def folder(db, tmp_path):
    return write_fake_base(tmp_path / "a-base")


def register(folder, *, actor=SYSTEM, name="a-base", **changes):
    statement = replace(WORDS, **changes)
    return services.register_base(actor=actor, folder=folder, name=name, statement=statement)


def test_a_base_is_registered_with_the_digest_of_each_file_and_an_entry(folder):
    base = register(folder)
    assert base.sha256 == folder_digest(folder)
    assert base.files["unet/config.json"] == file_sha256(folder / "unet" / "config.json")
    assert Entry.objects.get(subject="base:a-base").codes["sha256"] == base.sha256


def test_only_an_operator_registers(folder, stranger):
    with pytest.raises(PermissionDenied):
        register(folder, actor=Actor.of(stranger))
    assert not Base.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "two words"), ("name", ""), ("licence", ""), ("cleared", "yes"), ("provenance", " ")],
)
def test_a_base_without_the_truth_about_it_is_not_registered(folder, field, value):
    with pytest.raises(InvalidError):
        register(folder, **{field: value})
    assert not Base.objects.exists()


@pytest.mark.parametrize("name", ["DALL-E-3", "openai/dalle-2", "midjourney.v6"])
def test_a_closed_model_is_no_base_and_the_refusal_says_what_it_may_be(folder, name):
    with pytest.raises(InvalidError, match=r"not published.*named as its origin"):
        register(folder, name=name)


@pytest.mark.parametrize("name", ["magicfirefly-1", "tiny", "stabilityai/stable-diffusion-2"])
def test_other_names_may_be_bases(name):
    assert why_no_base(name) == ""


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_says_what_is_known_of_a_base_with_its_sources(folder, template):
    command(str(folder), statement=template, provenance=None, licence=None)
    base = Base.objects.get()
    assert "openrail" in base.licence
    assert base.cleared != "cleared"
    assert base.provenance.count("https://") == 2
    assert "must pass these rules on" in base.restrictions
    assert base.intended_use


def test_what_an_operator_says_stands_in_place_of_the_template(folder):
    command(str(folder), statement="stable-diffusion-xl", provenance="Asked the makers.")
    assert Base.objects.get().provenance == "Asked the makers."


def test_registering_again_makes_what_rests_on_it_stale(run, folder):
    from provenance.clearance.services import holds

    assert holds(f"run:{run.pk}")
    register(folder, name="tiny", cleared="uncleared")
    assert not holds(f"run:{run.pk}")


def command(*args, **options):
    out = StringIO()
    call_command(
        "register_base", *args, stdout=out, **({"provenance": "x", "licence": "MIT"} | options)
    )
    return out.getvalue()


def test_the_command_takes_a_folder_and_names_it_after_itself(folder):
    assert "Registered a-base: unknown" in command(str(folder))


def test_a_missing_folder_is_one_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        command(str(tmp_path / "nowhere"))


def test_a_folder_that_is_no_stable_diffusion_is_one_sentence(db, tmp_path):
    with pytest.raises(CommandError, match=r"lacks model_index\.json"):
        command(str(tmp_path))
    (tmp_path / "model_index.json").write_text('{"_class_name": "FluxPipeline"}')
    with pytest.raises(CommandError, match="is a FluxPipeline"):
        command(str(tmp_path))


def test_an_incomplete_download_names_what_is_missing(folder):
    shutil.rmtree(folder / "vae")
    with pytest.raises(CommandError, match=r"lacks vae/config\.json"):
        command(str(folder))


def test_a_hub_id_without_a_network_is_one_sentence(db, monkeypatch):
    import huggingface_hub

    def offline(*_, **__):
        raise ConnectionError("no network here")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(CommandError, match=r"could not be downloaded: no network here Check the"):
        command("somebody/some-base")


def test_the_tiny_base_is_not_built_without_disk_space(db, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil's own
    monkeypatch.setattr(services.shutil, "disk_usage", lambda _: usage(1, 1, 0))
    with pytest.raises(CommandError, match="needs 200 MB, and 0 MB are free"):
        call_command("build_tiny_base")


def test_a_tiny_base_that_is_there_is_registered_and_not_built_again(db, settings, monkeypatch):
    folder = write_fake_base(settings.BASES_DIR / "tiny-shapes")
    monkeypatch.setattr(services.subprocess, "Popen", lambda *_, **__: pytest.fail("built again"))
    for _ in range(2):
        call_command("build_tiny_base", stdout=StringIO())
    base = Base.objects.get(name="tiny-shapes")
    assert (base.sha256, base.cleared, base.licence) == (
        folder_digest(folder),
        "cleared",
        "CC0-1.0",
    )
    assert Entry.objects.filter(subject="base:tiny-shapes").count() == 1


def test_a_build_that_fails_is_one_sentence_with_its_last_words(db, monkeypatch):
    script = 'import sys; print(\'{"event": "error", "message": "No room."}\'); sys.exit(4)'
    real = services.subprocess.Popen
    monkeypatch.setattr(
        services.subprocess,
        "Popen",
        lambda _argv, **options: real([sys.executable, "-c", script], **options),
    )
    with pytest.raises(CommandError, match=r"could not be built \(exit code 4\): No room\."):
        call_command("build_tiny_base", stdout=StringIO())
    assert not Base.objects.exists()
