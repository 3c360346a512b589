"""Each document of a package, read by its own official library or schema, not by our code."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import c2pa
import mlcroissant
import pytest
import rdflib
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from provenance.consent.odrl import from_odrl
from provenance.consent.odrl.writing import CONTEXT
from registry.cards.selectors import signer
from registry.release import package
from registry.release.package import release_folder
from tests.registry import records
from tools.verify_release import CHANGED, RECEIPT, VERIFIED, verify

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
ODRL = rdflib.Namespace("http://www.w3.org/ns/odrl/2/")


@pytest.fixture
def folder(gated, tmp_path):
    """A copy of a package that rests on a grant."""
    copy = tmp_path / "evening-quays"
    shutil.copytree(release_folder(gated.commit), copy)
    return copy


def load(folder, name):
    return json.loads((folder / "provenance" / name).read_text(encoding="utf-8"))


def graph_of(path):
    return rdflib.Graph().parse(path, format="json-ld")


def test_the_bill_of_materials_fits_the_schema_of_cyclonedx(folder):
    text = (folder / "provenance/mlbom.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    model = json.loads(text)["metadata"]["component"]
    assert model["modelCard"]["modelParameters"]["task"] == "text-to-image"
    weights = {file["name"] for file in model["components"]}
    assert weights == {"unet/diffusion_pytorch_model.safetensors"}


def test_mlcroissant_reads_the_set_and_its_digest_is_true(folder):
    dataset = mlcroissant.Dataset(jsonld=str(folder / "provenance/croissant.json"))
    assert not dataset.metadata.issues.errors
    assert not dataset.metadata.issues.warnings
    rows = [row["pictures/sha256"].decode() for row in dataset.records("pictures")]
    assert rows == [image["sha256"] for image in load(folder, "manifest.json")["images"]]
    assert dataset.metadata.data_limitations


def test_mlcroissant_refuses_to_read_a_changed_table(folder):
    table = folder / "provenance/pictures.csv"
    table.write_bytes(table.read_bytes().replace(b"cleared", b"blocked"))
    dataset = mlcroissant.Dataset(jsonld=str(folder / "provenance/croissant.json"))
    with pytest.raises(mlcroissant.GenerationError, match=r"pictures\.csv"):
        list(dataset.records("pictures"))


def test_model_signings_own_program_verifies_what_the_hub_client_downloaded(folder):
    left_by_client = folder / ".cache/huggingface"
    left_by_client.mkdir(parents=True)
    (left_by_client / "x.metadata").write_text("x")
    assert signed_model(folder).returncode == 0
    (folder / "README.md").write_text("changed")
    assert signed_model(folder).returncode != 0


def signed_model(folder):
    program = Path(sys.executable).with_name("model_signing")
    return subprocess.run(
        [program, "verify", "key", folder, "--signature", folder / "provenance/model.sig",
         "--public_key", folder / "provenance/model-signing.pem"],
        check=False, capture_output=True,
    )  # fmt: skip


def test_samples_say_that_a_model_made_them_and_whether_to_train_on_them(folder):
    data = (folder / "samples/00-0.png").read_bytes()
    settings = {"verify": {"remote_manifest_fetch": False}}
    with c2pa.Context.from_dict(settings) as context:
        reader = c2pa.Reader("image/png", io.BytesIO(data), context=context)
        assert reader.get_validation_state() == "Valid"  # not "Trusted": no authority issued it
        told = json.loads(reader.json())
    manifest = told["manifests"][told["active_manifest"]]
    said = {one["label"]: one["data"] for one in manifest["assertions"]}
    (action,) = said["c2pa.actions.v2"]["actions"]
    assert action["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    entries = said["cawg.training-mining"]["entries"]
    assert {entry["use"] for entry in entries.values()} == {"constrained"}


def test_provenance_is_prov_o_from_the_model_back_to_the_works(folder, gated):
    graph = graph_of(folder / "provenance/prov.jsonld")
    revision = rdflib.URIRef(f"urn:uuid:{gated.pk}")
    run = graph.value(revision, PROV.wasGeneratedBy)
    pictures = set(graph.objects(run, PROV.used)) & set(
        graph.objects(revision, PROV.wasDerivedFrom)
    )
    works = {graph.value(picture, PROV.wasDerivedFrom) for picture in pictures} - {None}
    assert len(works) == 4


def test_permissions_are_odrl_without_prices_and_unwanted_lines(folder, grant_and_run):
    body = load(folder, "grants.jsonld")
    (policy,) = body["@graph"]
    read = from_odrl({"@context": CONTEXT, **policy})
    assert read.uid == grant_and_run[0].pk
    assert set(read.terms.actions) == {"train", "distribute-weights", "further-train"}
    graph = graph_of(folder / "provenance/grants.jsonld")
    assert len(set(graph.subjects(ODRL.permission))) == 1


@pytest.mark.parametrize("name", ["eu-training-content.md", "california-ab-2013.md"])
def test_statements_open_with_whether_the_law_applies_and_claim_nothing(folder, name):
    text = (folder / "provenance" / name).read_text(encoding="utf-8")
    assert text.startswith("**Applicability: ")
    assert "unknown" in text.casefold()
    assert "complian" not in text.casefold()


def test_every_document_of_a_package_passes_every_check(folder):
    report = verify(folder, frozenset({signer()}))
    assert report.code == VERIFIED, report.lines
    assert [line.split(".")[0] for line in report.lines[:11]] == [str(n) for n in range(1, 12)]


def test_one_changed_byte_of_any_file_is_named_by_its_file(folder):
    pinned = frozenset({signer()})
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name, data = path.relative_to(folder).as_posix(), path.read_bytes()
        for place in range(0, len(data), max(1, len(data) // 5)):
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            report = verify(folder, pinned)
            assert (report.code, name in report.changed) == (CHANGED, True), (name, place)
        path.write_bytes(data)
    assert verify(folder, pinned).code == VERIFIED


def test_no_byte_of_the_model_signature_can_change(folder):
    path = folder / "provenance/model.sig"
    data = path.read_bytes()
    for place in range(0, len(data), 7):
        for other in (data[place] ^ 1, 0x20, 0x0A):
            if other != data[place]:
                path.write_bytes(data[:place] + bytes([other]) + data[place + 1 :])
                assert "provenance/model.sig" in verify(folder).changed, (place, other)


def test_a_missing_file_is_named(folder):
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name, data = path.relative_to(folder).as_posix(), path.read_bytes()
        path.unlink()
        report = verify(folder, frozenset({signer()}))
        if name == "provenance/release.json":
            assert report.code == 2
        else:
            assert (report.code, report.missing) == (CHANGED, [name])
        path.write_bytes(data)


def test_building_again_gives_the_same_bytes_but_for_the_model_signature(open_run, settings):
    first = records.build(open_run)
    before = contents(release_folder(first.commit))
    shutil.rmtree(release_folder(first.commit))
    folder = again(first)
    after = contents(folder)
    assert {name for name in before if before[name] != after.get(name)} <= {"provenance/model.sig"}
    assert folder.name == first.commit


def again(revision):
    from registry.cards.services import texts_of
    from registry.release.selectors import latest_audit

    audit = latest_audit(revision)
    sealed = package.assemble(revision, audit, texts_of(revision, audit))
    return release_folder(sealed.commit)


def contents(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_the_receipt_names_the_approved_manifest(folder):
    body = json.loads((folder / RECEIPT).read_text())
    kinds = [json.loads(one["entry"])["kind"] for one in body["entries"]]
    assert kinds == ["request.approved", "revision.audited"]
