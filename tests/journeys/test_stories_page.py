"""docs/journeys.md lists the stories; this fails when the page differs from the tests."""

from __future__ import annotations

import ast
import os
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "journeys.md"
HEAD = """# Stories

What the registry decides in cases that happen, each told through the REST API in `tests/journeys/`.
Made from those tests; a test fails when this page differs from them.
"""
TABLE = "| story | what happened |\n| --- | --- |"


def _page() -> str:
    parts = [HEAD]
    for path in sorted(HERE.glob("test_*.py")):
        tree = ast.parse(path.read_text())
        told = [_line(one) for one in tree.body if _is_story(one)]
        if told:
            parts += [
                f"\n## {ast.get_docstring(tree)}\n",
                "| story | what happened |\n| --- | --- |",
            ]
            parts += told
    return "\n".join(parts) + "\n"


def _is_story(one: ast.stmt) -> bool:
    return (
        isinstance(one, ast.FunctionDef)
        and bool(one.args.args)
        and (one.args.args[0].arg == "cast" and one.name.startswith("test_"))
    )


def _line(one: ast.stmt) -> str:
    assert isinstance(one, ast.FunctionDef)
    name = one.name.removeprefix("test_").replace("_", " ")
    return f"| {name[0].upper()}{name[1:]} | {ast.get_docstring(one)} |"


def test_the_page_tells_the_stories_that_are_tested() -> None:
    if os.environ.get("IMPRIMATUR_TEST_WRITE_DOCS"):
        PAGE.write_text(_page())
    assert PAGE.read_text() == _page(), "Run this test with IMPRIMATUR_TEST_WRITE_DOCS=1."


def test_there_are_at_least_forty() -> None:
    assert _page().count("\n| ") - _page().count("| story |") - _page().count("| --- ") >= 40
