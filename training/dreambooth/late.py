"""Parts of the model libraries that most runs never use, imported only when something asks.

diffusers imports every transformer to define one UNet, transformers imports SciPy for a loss of
object detection, accelerate a cloud's client, and all of them torch's compiler. Nothing is
hidden: the first use of a name in such a module runs it. What its libraries want of the compiler
while they are imported is only to leave functions alone, and that needs no compiler.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMPILER = "torch._dynamo"
LATE = frozenset(
    {
        COMPILER,
        "boto3",
        "diffusers.hooks",
        "diffusers.models.autoencoders",
        "diffusers.models.transformers",
        "diffusers.models.unets",
        "scipy.integrate",
        "scipy.optimize",
        "scipy.stats",
        "transformers.models",
    }
)


class LateModule(ModuleType):
    """A module that has not run yet; its submodules can be imported without it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in {"__all__", "__version__"}:
            raise AttributeError(name)
        ready = READY.get((self.__name__, name))
        return ready or getattr(_run(self), name)


def install() -> None:
    """From now on, import these modules late. Not for a process that compiles."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec: Any = PathFinder.find_spec(name, path, target) if name in LATE else None
        if spec is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader:
    def __init__(self, real: Any) -> None:
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return LateModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def _run(module: ModuleType) -> ModuleType:
    if type(module) is LateModule:
        spec: Any = module.__spec__
        # First, or the module's own look at itself would come here.
        module.__class__ = ModuleType  # type: ignore[assignment]
        spec.loader.real.exec_module(module)
    return sys.modules[module.__name__]  # where the module put another in its own place


def _as_it_is(function: Any = None, *_: object, **__: object) -> Any:
    """A decorator, with or without arguments, that changes nothing."""
    return _as_it_is if function is None else function


def _assign(*costs: Any, **options: Any) -> Any:
    module = importlib.import_module("scipy.optimize")
    return _run(module).linear_sum_assignment(*costs, **options)


READY: dict[tuple[str, str], Callable[..., Any]] = {
    (COMPILER, "allow_in_graph"): _as_it_is,
    (COMPILER, "assume_constant_result"): _as_it_is,
    (COMPILER, "disable"): _as_it_is,
    (COMPILER, "graph_break"): lambda: None,
    ("scipy.optimize", "linear_sum_assignment"): _assign,
}
"""What is taken from these modules while others are imported, and needs them not to have run."""
