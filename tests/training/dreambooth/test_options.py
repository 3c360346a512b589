import json

import jsonschema
import pytest

from training.dreambooth import job as jobs
from training.dreambooth.job import read_job
from training.dreambooth.options import OPTIONS, Tuning
from training.dreambooth.progress import RefusedError


def write(tmp_path, body):
    path = tmp_path / "job.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body))
    return path


def read(tmp_path, **body):
    return read_job(write(tmp_path, {"manifest": "manifest.json", **body}))


def test_a_job_holds_the_manifests_path_and_options(tmp_path):
    job = read(tmp_path, steps=7, method="lora", flip=True)
    assert job.manifest == tmp_path / "manifest.json"
    assert job.tuning == Tuning(steps=7, method="lora", flip=True)


@pytest.mark.parametrize("key", ["token", "instance_prompt", "trusted_keys", "output", "base"])
def test_any_other_key_is_refused(tmp_path, key):
    with pytest.raises(RefusedError, match=key):
        read(tmp_path, **{key: "x"})


@pytest.mark.parametrize(
    "tuning",
    [{"steps": 0}, {"steps": 10**9}, {"learning_rate": 10}, {"steps": 1.5}, {"steps": True},
     {"steps": "5"}, {"learning_rate": float("nan")}, {"resolution": None}, {"method": "dora"},
     {"flip": 1}, {"flip": "yes"}, {"crop": ["random"]}, {"power": -1}],
)  # fmt: skip
def test_a_value_out_of_its_limits_is_refused_by_us_and_by_the_schema(tmp_path, tuning):
    with pytest.raises(RefusedError, match=next(iter(tuning))):
        read(tmp_path, **tuning)
    if next(iter(tuning.values())) == next(iter(tuning.values())):  # JSON knows no NaN
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"manifest": "m", **tuning}, json.loads(jobs.SCHEMA.read_text()))


@pytest.mark.parametrize(
    ("tuning", "remedy"),
    [({"precision": "fp16", "device": "cpu"}, "bf16"), ({"text_learning_rate": 1e-5}, "set it to")],
)
def test_options_that_do_not_go_together_are_refused(tmp_path, tuning, remedy):
    with pytest.raises(RefusedError, match=remedy):
        read(tmp_path, **tuning)


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"manifest": 3}'])
def test_a_job_without_a_manifest_is_refused(tmp_path, body):
    with pytest.raises(RefusedError):
        read_job(write(tmp_path, body))


def test_a_missing_job_file_is_refused(tmp_path):
    with pytest.raises(RefusedError):
        read_job(tmp_path / "nowhere.json")


def test_a_preset_fills_in_what_the_job_does_not_name(tmp_path):
    job = read(tmp_path, preset="style", pace="quick", steps=9)
    assert (job.preset, job.tuning.method, job.tuning.steps) == ("style/quick", "lora", 9)


@pytest.mark.parametrize("said", [{"preset": "anime"}, {"preset": "style", "pace": "x"},
                                  {"pace": "quick"}, {"preset": 3}, {"preset": []}])  # fmt: skip
def test_an_unknown_preset_is_refused(tmp_path, said):
    with pytest.raises(RefusedError, match="style, subject, character"):
        read(tmp_path, **said)


@pytest.mark.parametrize("kind", ["style", "subject", "character"])
@pytest.mark.parametrize("pace", ["quick", "standard", "thorough"])
def test_every_preset_is_a_sound_job_that_says_what_it_gives_and_costs(tmp_path, kind, pace):
    read(tmp_path, preset=kind, pace=pace)
    told = jobs.presets()[kind]["paces"][pace]
    assert told["gives"]
    assert told["costs"]


def test_schema_and_table_are_those_of_the_options():
    schema, page = jobs.published()
    assert jobs.SCHEMA.read_text() == schema
    assert jobs.DOCS.read_text() == page
    assert all(f"| `{name}` |" in page for name in OPTIONS)


def test_only_options_that_change_the_weights_change_the_jobs_digest(tmp_path):
    plain = read(tmp_path).sha256
    assert read(tmp_path, checkpoint_every=3, samples_per_prompt=1).sha256 == plain
    assert read(tmp_path, steps=501).sha256 != plain
