"""The tiny base's tokenizer: a byte-pair encoding learnt from a short list of plain words.

Any other word still has tokens, one a letter, so every prompt can be encoded.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from training.dreambooth.shapes import COLOURS, MEDIA, SHAPES

if TYPE_CHECKING:
    from transformers import CLIPTokenizer

TEXT_LENGTH = 16
"""Tokens in a prompt, begin and end included. Padding of a longer text would drown the words."""

PLAIN_WORDS = """
a an and animal at autumn bear bird boat bridge by cat character city cloud clouds cottage day dog
dragon evening fairy field figure fish flower flowers forest fox garden girl hill hills house in
island lake landscape leaf light lighthouse little moon morning mountain mountains near night ocean
of old on owl person photo picture pictures portrait rain river robot sea ship sky small snow
spring star stars still storm street style summer sun sunset the tower town train tree trees under
valley village water watercolour wave waves whale wind window winter with woods
""".split()  # noqa: SIM905 - a paragraph of words, not a column


def build_tokenizer() -> CLIPTokenizer:
    """A CLIPTokenizer made from the words above; nothing is downloaded."""
    from transformers import CLIPTokenizer

    merges = learn_merges([*PLAIN_WORDS, *COLOURS, *SHAPES, *MEDIA])
    letters = sorted(_byte_letters())
    tokens = [
        *letters,
        *(letter + "</w>" for letter in letters),
        *dict.fromkeys(left + right for left, right in merges),
        "<|startoftext|>",
        "<|endoftext|>",
    ]
    vocabulary = {token: index for index, token in enumerate(tokens)}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=TEXT_LENGTH)


def learn_merges(words: list[str]) -> list[tuple[str, str]]:
    """Byte-pair merges, commonest pair first, until each of `words` is one token."""
    spelt = [[*word[:-1], word[-1] + "</w>"] for word in dict.fromkeys(words)]
    merges: list[tuple[str, str]] = []
    while counts := Counter(pair for parts in spelt for pair in pairwise(parts)):
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        spelt = [_merge(parts, best) for parts in spelt]
    return merges


def _merge(parts: list[str], pair: tuple[str, str]) -> list[str]:
    merged: list[str] = []
    for part in parts:
        if merged and (merged[-1], part) == pair:
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def _byte_letters() -> list[str]:
    """The 256 characters by which CLIP's byte-level encoding writes the 256 bytes."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in sorted(printable)] + [chr(256 + i) for i in range(len(hidden))]
