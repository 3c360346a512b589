"""Break one gate in every process of the story, once its module is imported; see test_gates.py.

On PYTHONPATH only there. The product has no switch for it.
"""

import builtins
import importlib.abc
import importlib.util
import os
import sys

MODULE, _, REPLACEMENT = os.environ.get("BROKEN_GATE", "").partition(":")
NAME, _, EXPRESSION = REPLACEMENT.partition("=")


class Breaker(importlib.abc.MetaPathFinder):
    """Finds the one module by the finders behind it, and replaces a name in it after its start."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname != MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        start = spec.loader.exec_module

        def start_broken(module):
            start(module)
            getattr(module, NAME)  # a gate that moved is named anew in test_gates.py
            setattr(module, NAME, builtins.eval(EXPRESSION, vars(module)))

        spec.loader.exec_module = start_broken
        return spec


if MODULE:
    sys.meta_path.insert(0, Breaker())
