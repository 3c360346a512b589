"""The real, unmodified Hugging Face client against a live server."""

from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import HfApi, ModelCard, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    DisabledRepoError,
    EntryNotFoundError,
    GatedRepoError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from accounts.actors import Actor
from accounts.tokens import create_token
from registry.cards.selectors import signer
from registry.downloads.selectors import terms_sha256
from registry.downloads.services import accept_terms
from registry.release import services
from tools.verify_release import verify

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def at(live_server, tmp_path):
    cache = tmp_path / "hub"
    return {"endpoint": live_server.url, "cache_dir": str(cache), "token": False}


@pytest.fixture
def api(live_server):
    return HfApi(endpoint=live_server.url, token=False)


def test_a_snapshot_is_the_release_byte_for_byte(released, at, tmp_path):
    folder = tmp_path / "taken"
    snapshot_download(str(released.model), local_dir=folder, **at)
    report = verify(folder, frozenset({signer()}))
    assert report.code == 0, report.lines


def test_one_file_by_main_and_by_commit(released, at):
    for revision in ("main", released.commit):
        path = hf_hub_download(str(released.model), "README.md", revision=revision, **at)
        assert released.commit in path
        assert Path(path).read_text(encoding="utf-8") == released.card


def test_what_the_api_tells(released, api):
    name = str(released.model)
    info = api.model_info(name, files_metadata=True)
    assert (info.sha, info.gated, info.disabled) == (released.commit, False, False)
    weights = next(s for s in info.siblings if s.rfilename.endswith(".safetensors"))
    assert weights.lfs.sha256 == released.files.get(path=weights.rfilename).sha256
    paths = {entry.path for entry in api.list_repo_tree(name, recursive=True)}
    assert {f.path for f in released.files.all()} < paths
    assert [e.path for e in api.get_paths_info(name, ["README.md"])] == ["README.md"]
    assert api.file_exists(name, "README.md")
    assert not api.file_exists(name, "nothing.bin")
    assert [m.id for m in api.list_models(search="harbour")] == [name]
    assert api.list_repo_refs(name).branches[0].target_commit == released.commit
    api.auth_check(name)


def test_the_card_loads(released, at):
    path = hf_hub_download(str(released.model), "README.md", **at)
    card = ModelCard.load(path)
    assert card.data.license == "cc-by-4.0"
    assert card.data.library_name == "diffusers"


def test_absent_things_have_their_own_errors(released, at):
    name = str(released.model)
    with pytest.raises(RepositoryNotFoundError):
        hf_hub_download("nobody/nothing", "README.md", **at)
    with pytest.raises(RevisionNotFoundError):
        hf_hub_download(name, "README.md", revision="0" * 40, **at)
    with pytest.raises(EntryNotFoundError):
        hf_hub_download(name, "nothing.bin", **at)


def test_a_gated_model_needs_a_person_and_accepted_terms(gated, at, api, downloader):
    name, token = str(gated.model), create_token(downloader)
    with pytest.raises(GatedRepoError):
        hf_hub_download(name, "README.md", **at)
    with pytest.raises(GatedRepoError):
        hf_hub_download(name, "README.md", **(at | {"token": token}))
    with pytest.raises(GatedRepoError):
        api.auth_check(name, token=token)
    assert api.model_info(name).gated == "auto"
    assert api.whoami(token=token)["name"] == "downloader"
    actor = Actor.of(downloader)
    accept_terms(actor=actor, revision=gated, terms_sha256=terms_sha256(gated))
    assert hf_hub_download(name, "README.md", **(at | {"token": token}))


def test_a_quarantined_model_is_disabled_to_every_client(released, at, api, reviewer):
    services.quarantine(actor=Actor.of(reviewer), revision=released, reason="A complaint.")
    with pytest.raises(DisabledRepoError):
        api.model_info(str(released.model))
    with pytest.raises(DisabledRepoError):
        api.auth_check(str(released.model))
    with pytest.raises(LocalEntryNotFoundError) as wrapped:  # the client's own wrapping
        hf_hub_download(str(released.model), "README.md", **at)
    assert isinstance(wrapped.value.__cause__, DisabledRepoError)
