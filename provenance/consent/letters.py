"""The words of the messages that carry a private link."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.conf import settings

from provenance.models import Ask, ConsentLink
from provenance.templatetags.terms import in_words, times

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provenance.models import Grant, Work

SHOWN = 10
CLOSE = (
    "The link is yours alone: whoever has it can answer for you, so please do not pass it on. It "
    "can be used once, until {until}. No account is needed. {silence}\n"
)
SILENCE = "If you do nothing, nothing is permitted: silence is never a yes."
KEPT = "If you do nothing, nothing is withdrawn: the permission stays as it was given."
OUTCOMES = {
    Ask.State.GRANTED: "has given you a permission",
    Ask.State.REFUSED: "has refused what you asked",
    Ask.State.NOT_MINE: "says that somebody else has to be asked",
    Ask.State.EXPIRED: "has not answered in time",
}
GIVEN = (
    "If you do nothing, the permission stands, and your name is not used for anything but credit."
)


def letter(link: ConsentLink, address: str) -> tuple[str, str]:
    """Subject and body of the message that carries `link`, whose whole address is given."""
    words = {
        ConsentLink.Kind.ANSWER: _request,
        ConsentLink.Kind.CONFIRM: _confirmation,
        ConsentLink.Kind.NOTICE: _notice,
    }
    subject, text = words[ConsentLink.Kind(link.kind)](link)
    until = f"{link.expires_at:%d %B %Y}"
    close = CLOSE.format(until=until, silence=_silence(link))
    body = f"Hello,\n\n{text}\n\n    {address}\n\n{close}"
    return " ".join(subject.split()), body


def outcome(ask: Ask) -> tuple[str, str]:
    """Subject and body of what an applicant is told once a request is not open any more."""
    party, model = _line(ask.party), _line(ask.model_name)
    what = OUTCOMES[Ask.State(ask.state)]
    note = f"\n\n    {_line(ask.answer_note)}" if ask.answer_note else ""
    return f"{party} {what}", (
        f"Hello {ask.applicant.username},\n\nyou asked {party} for permission for a model called "
        f"“{model}”. {party} {what}.{note}\n\n{settings.SITE_URL}/consent/{ask.pk}/\n"
    )


def _silence(link: ConsentLink) -> str:
    """What it means not to answer this letter."""
    if link.kind == ConsentLink.Kind.NOTICE:
        return GIVEN
    return KEPT if link.answer.get("do") == "withdraw" else SILENCE


def _titles(works: Iterable[Work]) -> str:
    counted = Counter(_line(work) for work in works)
    titles = [f"    “{title}”{times(count)}" for title, count in counted.items()]
    more = [f"    and {len(titles) - SHOWN} more"] if len(titles) > SHOWN else []
    return "\n".join([*titles[:SHOWN], *more])


def _request(link: ConsentLink) -> tuple[str, str]:
    ask = link.asks.get()
    party, model = _line(ask.party), _line(ask.model_name)
    again = ask.reminded_at is not None
    subject = f"{'A reminder: may' if again else 'May'} a model learn from works of {party}?"
    first = "some days ago we wrote to you, and this is our only reminder.\n\n" if again else ""
    for_whom = "" if link.party_id == ask.party_id else f" {party} named you as its agent."
    return subject, (
        f"{first}{ask.applicant.username} asks {party} for permission on "
        f"{settings.SITE_NAME}, a registry of image models.{for_whom} They would like to train a "
        f"model called “{model}”, for this purpose:\n\n    {_line(ask.purpose)}\n\n"
        f"They ask to {_what(ask)}.\n\nIt is about:\n\n"
        f"{_titles(ask.works.all()) or '    the use of your name'}\n\n"
        "Here you see the pictures and everything that is asked. You can permit it, or a part of "
        "it, on your own conditions; refuse; say that somebody else has to be asked; or stop "
        "further requests:"
    )


def _confirmation(link: ConsentLink) -> tuple[str, str]:
    ask = link.asks.get()
    party, model = _line(ask.party), _line(ask.model_name)
    if link.answer["do"] == "withdraw":
        return "Please confirm that you withdraw a permission", (
            f"somebody with your private link wants to withdraw the permission that {party} "
            f"gave to {ask.applicant.username} for “{model}”. It is withdrawn once you "
            "confirm it here:"
        )
    return "Please confirm your permission", (
        f"somebody with a private link answered yes for {party}: {ask.applicant.username} may "
        f"use your works for a model called “{model}”. As it concerns more than a "
        "training alone, it counts only once you confirm it here. If it was not you, do nothing:"
    )


def _notice(link: ConsentLink) -> tuple[str, str]:
    notice = link.notice
    if notice is None:
        raise LookupError(f"Link {link.pk} belongs to no notice.")
    grant = notice.grant
    holder = _line(grant.assigner)
    to_whom = grant.assignee.username if grant.assignee else "everybody"
    works = grant.works.filter(creators=notice.creator)
    about = _titles(works) or f"    everything that {holder} holds"
    return "A permission was given for works that you made", (
        f"{holder} holds rights in works that {_line(notice.creator)} made, and has permitted "
        f"{to_whom} on {settings.SITE_NAME} to {_what(grant)}. It is about:\n\n{about}\n\n"
        "A holder's permission does not cover your name. You can say here how you want to be "
        "credited, or object, which a reviewer reads. You need not answer:"
    )


def _what(asked: Ask | Grant) -> str:
    """Its actions in words, and whether commercially."""
    words = in_words(asked.actions).replace("use my ", "use your ")
    return f"{words}{', also' if asked.commercial else '; not'} commercially"


def _line(text: object) -> str:
    """What somebody typed, in one line: it cannot pass for a sentence or a link of the letter."""
    shown = (sign if sign.isprintable() else " " for sign in str(text))
    return " ".join("".join(shown).split())
