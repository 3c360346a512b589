import json

import pytest

from training.dreambooth.options import Tuning, read_job
from training.dreambooth.progress import RefusedError


def write(tmp_path, body):
    path = tmp_path / "job.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body))
    return path


def test_a_job_holds_the_manifests_path_and_numbers(tmp_path):
    job = read_job(write(tmp_path, {"manifest": "manifest.json", "steps": 7}))
    assert job.manifest == tmp_path / "manifest.json"
    assert job.tuning == Tuning(steps=7)


@pytest.mark.parametrize("key", ["token", "instance_prompt", "trusted_keys", "output", "base"])
def test_any_other_key_is_refused(tmp_path, key):
    with pytest.raises(RefusedError, match=key):
        read_job(write(tmp_path, {"manifest": "manifest.json", key: "x"}))


@pytest.mark.parametrize(
    "tuning",
    [{"steps": 0}, {"steps": 10**9}, {"learning_rate": 10}, {"steps": 1.5}, {"steps": True},
     {"steps": "5"}, {"learning_rate": float("nan")}, {"resolution": None}],
)  # fmt: skip
def test_a_number_out_of_its_limits_is_refused(tmp_path, tuning):
    with pytest.raises(RefusedError, match=next(iter(tuning))):
        read_job(write(tmp_path, {"manifest": "manifest.json", **tuning}))


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"manifest": 3}'])
def test_a_job_without_a_manifest_is_refused(tmp_path, body):
    with pytest.raises(RefusedError):
        read_job(write(tmp_path, body))


def test_a_missing_job_file_is_refused(tmp_path):
    with pytest.raises(RefusedError):
        read_job(tmp_path / "nowhere.json")
