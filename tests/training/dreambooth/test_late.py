import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HEAVY = ("scipy.optimize", "scipy.stats", "torch._dynamo", "diffusers.models.transformers")
SCRIPT = f"""
import json, sys
from training.dreambooth import late, process
process.prepare(compiles=sys.argv[1] == "compiles")
import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPTextModel
optimiser = torch.optim.AdamW([torch.nn.Parameter(torch.ones(2))], fused=True)
optimiser.param_groups[0]["params"][0].sum().backward()
optimiser.step()
def run():
    found = [sys.modules.get(name) for name in {HEAVY!r}]
    return [one is not None and type(one) is not late.LateModule for one in found]
before = run()
starred = {{}}
exec("from scipy.integrate import *", starred)
import scipy.optimize, scipy.stats, diffusers.models.transformers as transformers
from transformers.loss.loss_for_object_detection import linear_sum_assignment
places = linear_sum_assignment([[1, 0], [0, 1]])[1].tolist()
names = ["quad" in starred, scipy.stats.norm.name, transformers.Transformer2DModel.__name__]
names.append(torch._dynamo.OptimizedModule.__name__)
print(json.dumps([before, run(), names, places]))
"""


def tell(mode):
    command = [sys.executable, "-c", SCRIPT, mode]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(ran.stdout.splitlines()[-1])


def test_what_a_run_does_not_use_is_imported_at_its_first_use_and_whole():
    before, after, names, places = tell("plain")
    assert before == [False] * 4
    assert after == [True] * 4
    assert names == [True, "norm", "Transformer2DModel", "OptimizedModule"]
    assert places == [1, 0]


def test_a_process_that_compiles_imports_as_usual():
    assert tell("compiles")[0] == [True] * 4
