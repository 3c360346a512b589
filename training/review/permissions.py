"""The table of who may do what with a request, as the page docs/permissions.md. Pure."""

from __future__ import annotations

from training.review.rules import COMMANDS, STATES, allowed

PERSONAS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("applicant", ("applicant",), True),
    ("applicant with every role", ("applicant", "reviewer", "auditor", "operator"), True),
    ("reviewer", ("applicant", "reviewer"), False),
    ("auditor", ("applicant", "auditor"), False),
    ("operator", ("applicant", "operator"), False),
)
HEAD = """# Who may do what with a request

Generated from `training/review/rules.py`; a test fails when this page differs from it.
Each cell lists the states of the request in which the command is allowed. “Applicant” is whoever
made the request or owns its set; “with every role” includes superusers. A stranger is told that
there is no such request.
"""


def permissions_page() -> str:
    """The whole page, Markdown."""
    names = [name for name, _, _ in PERSONAS]
    rows = [["command", "leads to", *names], ["---"] * (len(names) + 2)]
    for command in COMMANDS:
        cells = [_cell(command.name, roles, own) for _, roles, own in PERSONAS]
        rows.append([command.label, command.target or "the same state", *cells])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{HEAD}\n{table}\n"


def _cell(command: str, roles: tuple[str, ...], own: bool) -> str:
    states = [
        state
        for state in STATES
        if allowed(command, state=state, roles=roles, is_applicant=own) is None
    ]
    return ", ".join(states) or "never"
