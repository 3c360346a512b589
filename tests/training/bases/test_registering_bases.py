import shutil
import sys
from collections import namedtuple
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from accounts.actors import SYSTEM, Actor
from accounts.errors import InvalidError
from ledger.models import Entry
from tests.training.conftest import write_fake_base
from training.bases import services
from training.bases.rules import folder_digest
from training.models import Base

WORDS = {"licence": "CC0-1.0", "cleared": "cleared", "provenance": "Shapes."}


@pytest.fixture
def folder(db, tmp_path):
    return write_fake_base(tmp_path / "a-base")


def register(folder, **changes):
    values = {"actor": SYSTEM, "folder": folder, "name": "a-base"} | WORDS | changes
    return services.register_base(**values)


def test_a_base_is_registered_with_its_digest_and_an_entry(folder):
    base = register(folder)
    assert base.sha256 == folder_digest(folder)
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
    with pytest.raises(CommandError, match=r"no model_index\.json"):
        command(str(tmp_path))
    (tmp_path / "model_index.json").write_text('{"_class_name": "FluxPipeline"}')
    with pytest.raises(CommandError, match="does not describe a StableDiffusionPipeline"):
        command(str(tmp_path))


def test_an_incomplete_download_names_what_is_missing(folder):
    shutil.rmtree(folder / "vae")
    with pytest.raises(CommandError, match="lacks vae"):
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
