"""House rules that no linter knows: the direction of foreign keys, and that every page is known."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
LAYERS = ["ledger", "accounts", "provenance", "training", "registry", "web"]
SOURCES = [
    path for app in [*LAYERS, "story", "config", "tools"] for path in (ROOT / app).rglob("*.py")
]
PROGRAM_IN_ONE_FILE = {"verify_ledger.py", "verify_release.py"}
LONGEST = 300


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in LAYERS]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_no_foreign_key_points_up(model):
    own = LAYERS.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if field.is_relation and field.concrete and field.related_model._meta.app_label in LAYERS:
            assert LAYERS.index(field.related_model._meta.app_label) <= own, field


def test_the_walk_sees_models_of_every_layer():
    assert {model._meta.app_label for model in own_models()} == set(LAYERS) - {"web"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_too_long_to_read(path):
    if path.name not in PROGRAM_IN_ONE_FILE and "migrations" not in path.parts:
        assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path):
    if path.name != "0001_initial.py" and "migrations" not in path.parts:
        assert ast.get_docstring(ast.parse(path.read_text()))
