"""docs/permissions.md is generated from the table; this fails when the two differ."""

import os
from pathlib import Path

from training.review.permissions import permissions_page

PAGE = Path(__file__).parents[3] / "docs" / "permissions.md"


def test_the_committed_page_is_what_the_table_says():
    if os.environ.get("IMPRIMATUR_TEST_WRITE_DOCS") == "1":
        PAGE.write_text(permissions_page())
    assert PAGE.read_text() == permissions_page(), (
        "docs/permissions.md is out of date: run this test with IMPRIMATUR_TEST_WRITE_DOCS=1."
    )
