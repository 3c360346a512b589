"""Strangers' words made fit for Markdown, HTML and YAML without changing what a reader sees."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

MARKUP = re.compile(r"[\\`*_{}\[\]()#|~!$@]")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that a reader cannot see or that turn the text around."""
JOINERS = frozenset("\u200c\u200d")
"""Format characters that Persian, Indic scripts and emoji need."""
MAX_LINE = 500


def plain(text: str, limit: int = MAX_LINE) -> str:
    """One line of visible characters: controls and bidirectional overrides become spaces."""
    seen = "".join(
        c if c in JOINERS or unicodedata.category(c) not in UNSEEN else " "
        for c in unicodedata.normalize("NFC", text)
    )
    line = " ".join(seen.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def markdown(text: str, limit: int = MAX_LINE) -> str:
    """`plain` text that Markdown and HTML show as it is. For the inside of a line."""
    escaped = MARKUP.sub(lambda match: "\\" + match[0], plain(text, limit))
    return "".join(ENTITIES.get(c, c) for c in escaped)


def code(text: str) -> str:
    """A code span that holds any text: its fence is longer than any run of backticks inside."""
    line = plain(text)
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""


def link(label: str, url: str | None) -> str:
    """A Markdown link for an http(s) address; the label alone for anything else."""
    shown = markdown(label, limit=2000)
    try:
        parts = urlsplit(plain(url or "", limit=2000))
    except ValueError:
        return shown
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return shown
    return f"[{shown}](<{quote(parts.geturl(), safe=':/?#[]!$&*+,;=%~@')}>)"


def quoted(text: str, limit: int = 5000) -> list[str]:
    """A block quote of free text, line by line, with no markup of its own."""
    lines = [markdown(line, limit) for line in text[:limit].splitlines()]
    return [f"> {_literal_start(line)}".rstrip() for line in lines]


def _literal_start(line: str) -> str:
    """`line` with nothing at its start that makes it a heading, a list or a rule."""
    return re.sub(r"^(\d+)([.)])|^([-+=])", lambda m: (m[1] or "") + "\\" + (m[2] or m[3]), line)


def counted(number: int, noun: str) -> str:
    """Such as “1 picture” and “1,200 pictures”."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
