"""A card as HTML for this registry's own pages, with nothing in it that could run or call out."""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt

FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "hr", "img", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "code": {"class"}}


def card_html(markdown: str) -> str:
    """The card without its front matter, as HTML. Only pictures of the release itself are shown."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    body = FRONT_MATTER.sub("", markdown.replace("\r\n", "\n"), count=1)
    return nh3.clean(
        renderer.render(body),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_own_pictures,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not re.fullmatch(r"samples/[\w.-]+", value):
        return None
    return value
