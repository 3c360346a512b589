from __future__ import annotations

import pytest

from registry.downloads.rules import Part, UnsatisfiableError, header_safe, matches, part_of

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("wanted", "start", "size"),
    [("bytes=0-0", 0, 1), ("bytes=5-", 5, 5), ("bytes=-3", 7, 3), ("bytes=-99", 0, 10),
     ("bytes=2-99", 2, 8)],
)  # fmt: skip
def test_one_range_gives_that_part(wanted, start, size):
    assert part_of(10, wanted=wanted, if_range="", etag=ETAG) == Part(start, size, partial=True)


@pytest.mark.parametrize("wanted", ["", "items=0-1", "bytes=0-1,3-4", "bytes=a-b", "bytes"])
def test_what_is_not_one_byte_range_gets_the_whole(wanted):
    assert part_of(10, wanted=wanted, if_range="", etag=ETAG) == Part(0, 10, partial=False)


@pytest.mark.parametrize(
    "wanted", ["bytes=10-", "bytes=9-1", "bytes=-0", "bytes=-", "bytes=99-100"]
)
def test_a_range_without_any_byte_is_refused(wanted):
    with pytest.raises(UnsatisfiableError):
        part_of(10, wanted=wanted, if_range="", etag=ETAG)


def test_a_resumed_download_of_another_version_gets_the_whole():
    assert not part_of(10, wanted="bytes=5-", if_range='"old"', etag=ETAG).partial
    assert part_of(10, wanted="bytes=5-", if_range=ETAG, etag=ETAG).partial


def test_conditions_compare_weakly():
    assert matches('W/"abc", "d"', ETAG)
    assert matches("*", ETAG)
    assert not matches('"x"', ETAG)
    assert not matches("", ETAG)


def test_headers_hold_one_line_of_ascii():
    assert header_safe("a\r\nSet-Cookie: x=é") == "a Set-Cookie: x=?"
