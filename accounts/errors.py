"""Refusals that are not bugs: each with a code for programs and a sentence for people."""

from __future__ import annotations


class RefusedError(Exception):
    """A command was understood and refused; `remedy` says what can be done."""

    status = 409

    def __init__(self, code: str, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


class InvalidError(RefusedError):
    """What was sent cannot be used as it is."""

    status = 400
