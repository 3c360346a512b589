"""The words of the messages that carry a private link."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.conf import settings

from provenance.models import ConsentLink
from provenance.templatetags.terms import times

if TYPE_CHECKING:
    from provenance.models import Ask

SHOWN = 10
CLOSE = (
    "The link is yours alone: whoever has it can answer for you, so please do not pass it on. It "
    "can be used once, until {until}. No account is needed. {silence}\n"
)
SILENCE = "If you do nothing, nothing is permitted: silence is never a yes."
KEPT = "If you do nothing, nothing is withdrawn: the permission stays as it was given."


def letter(link: ConsentLink, address: str) -> tuple[str, str]:
    """Subject and body of the message that carries `link`, whose whole address is given."""
    words = {
        ConsentLink.Kind.ANSWER: _request,
        ConsentLink.Kind.CONFIRM: _confirmation,
        ConsentLink.Kind.NOTICE: _notice,
    }
    subject, text = words[ConsentLink.Kind(link.kind)](link)
    until = f"{link.expires_at:%d %B %Y}"
    silence = KEPT if link.answer.get("do") == "withdraw" else SILENCE
    close = CLOSE.format(until=until, silence=silence)
    body = f"Hello,\n\n{text}\n\n    {address}\n\n{close}"
    return " ".join(subject.split()), body


def _titles(ask: Ask) -> str:
    counted = Counter(str(work) for work in ask.works.all())
    titles = [f"    “{title}”{times(count)}" for title, count in counted.items()]
    more = [f"    and {len(titles) - SHOWN} more"] if len(titles) > SHOWN else []
    return "\n".join([*titles[:SHOWN], *more])


def _request(link: ConsentLink) -> tuple[str, str]:
    ask = link.asks.get()
    again = ask.reminded_at is not None
    subject = f"{'A reminder: may' if again else 'May'} a model learn from works of {ask.party}?"
    first = "some days ago we wrote to you, and this is our only reminder.\n\n" if again else ""
    for_whom = "" if link.party_id == ask.party_id else f" {ask.party} named you as its agent."
    return subject, (
        f"{first}{ask.applicant.username} asks {ask.party} for permission on "
        f"{settings.SITE_NAME}, a registry of image models.{for_whom} They would like to train a "
        f"model called “{ask.model_name}”, for this purpose:\n\n    {ask.purpose}\n\n"
        f"It is about:\n\n{_titles(ask) or '    the use of your name'}\n\n"
        "Here you see the pictures and everything that is asked. You can permit it, or a part of "
        "it, on your own conditions; refuse; say that somebody else has to be asked; or stop "
        "further requests:"
    )


def _confirmation(link: ConsentLink) -> tuple[str, str]:
    ask = link.asks.get()
    if link.answer["do"] == "withdraw":
        return "Please confirm that you withdraw a permission", (
            f"somebody with your private link wants to withdraw the permission that {ask.party} "
            f"gave to {ask.applicant.username} for “{ask.model_name}”. It is withdrawn once you "
            "confirm it here:"
        )
    return "Please confirm your permission", (
        f"somebody with a private link answered yes for {ask.party}: {ask.applicant.username} may "
        f"use your works for a model called “{ask.model_name}”. As it concerns more than a "
        "training alone, it counts only once you confirm it here. If it was not you, do nothing:"
    )


def _notice(link: ConsentLink) -> tuple[str, str]:
    notice = link.notice
    if notice is None:
        raise LookupError(f"Link {link.pk} belongs to no notice.")
    return "A permission was given for works that you made", (
        f"{notice.grant.assigner} holds rights in works that {notice.creator} made, and has "
        f"permitted on {settings.SITE_NAME} that they are used for an image model. You can say "
        "here how you want to be credited, or object. You need not answer:"
    )
