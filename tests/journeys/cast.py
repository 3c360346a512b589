"""People, documents and pictures of the stories: everything is done through the REST API.

Users are made, and an operator confirms who speaks for whom, as no API can do that for itself.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import Actor
from provenance.consent.services import confirm_member
from provenance.models import Level, Party
from tests.provenance import records

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from accounts.models import User

API = "/api/v1/"
TRAIN_AND_SHARE = ["train", "distribute-weights"]
_PICTURES: dict[int, bytes] = {}


class Person:
    """Somebody with an account; `party` is whom they are known to speak for, if anybody."""

    def __init__(self, name: str, **roles: bool) -> None:
        self.user: User = records.user(name, **roles)
        self.client: APIClient = records.client_of(self.user)
        self.party = ""

    def get(self, path: str) -> Any:
        answer = self.client.get(API + path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self.client.post(API + path, body, format="json")
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def refused(self, path: str, **body: Any) -> str:
        """The sentences of a refusal."""
        answer = self.client.post(API + path, body, format="json")
        assert 400 <= answer.status_code < 500, answer.content
        return answer.content.decode()

    def grants(self, **terms: Any) -> Any:
        """Permit something in the name of one's party: to train and to share, if not said else."""
        return self.post("grants/", **{"party": self.party, "actions": TRAIN_AND_SHARE} | terms)

    def protects(self, data: bytes, evidence: str) -> str:
        """Register a picture as a protected work of one's party; the work's id."""
        file = SimpleUploadedFile("protected.png", data, "image/png")
        body = {"file": file, "holder": self.party, "evidence": evidence}
        answer = self.client.post(f"{API}protections/", body, "multipart")
        assert answer.status_code == 201, answer.content
        return str(answer.json()["work"])


class Cast:
    """A curator with a set, a reviewer who is somebody else, and whoever a story needs."""

    def __init__(self) -> None:
        self.curator = Person("curator")
        self.reviewer = Person("reviewer", is_reviewer=True)
        self.operator = Person("operator", is_operator=True)
        self.set = self.curator.post("image-sets/", name="Evening pictures")["id"]
        self.seeds = itertools.count(900)

    def person(self, name: str, *, party: str = "", kind: str = "person", checked: bool = True):
        """Somebody who speaks for the party of that name, as an operator has (or not) checked."""
        one = Person(name.lower().replace(" ", "-"))
        known = one.post("parties/", name=party or name, kind=kind)
        one.party = known["id"]
        level = Level.DOCUMENT_CHECKED if checked else Level.SELF_DECLARED
        confirm_member(
            actor=Actor.of(self.operator.user),
            party=Party.objects.get(pk=one.party),
            user=one.user,
            level=level,
        )
        return one

    def house(self, name: str, **more: Any):
        """A company with somebody who speaks for it."""
        return self.person(name, kind="organisation", **more)

    def document(self, text: str, by: Person | None = None) -> str:
        """A document that somebody uploads as evidence."""
        who = by or self.curator
        file = SimpleUploadedFile("page.txt", text.encode(), "text/plain")
        answer = who.client.post(f"{API}evidence/", {"file": file, "title": text}, "multipart")
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def check(self, *documents: str) -> None:
        """The reviewer looks at the documents and finds that they show what they are cited for."""
        listed = self.reviewer.get("evidence/?limit=500")
        rows = listed["results"] if isinstance(listed, dict) else listed
        for one in rows:
            if one["id"] in documents:
                self.reviewer.post(
                    f"evidence/{one['id']}/check/",
                    identity="document_checked",
                    title="document_checked",
                    note="Compared with the original.",
                    citations=one["citations"],
                )

    def upload(self, image_set: str = "", data: bytes = b"") -> str:
        """A picture in the curator's set."""
        seed = next(self.seeds)
        data = data or _PICTURES.setdefault(seed, records.picture(seed))
        file = SimpleUploadedFile(f"{seed}.png", data, "image/png")
        path = f"{API}image-sets/{image_set or self.set}/images/"
        answer = self.curator.client.post(path, {"file": file}, "multipart")
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def picture(self, title: str = "Harbour", *, data: bytes = b"", **stated: Any) -> str:
        """A picture with what is stated of it, its evidence still unchecked; its work's id."""
        item = self.upload(data=data)
        said = {
            "title": title,
            "persons": "none",
            "collector": "the curator",
            "source_url": "https://pictures.example/harbour.png",
            **stated,
        }
        return self.state(item, **said)

    def state(self, item: str, **said: Any) -> str:
        """Say something of a picture that is there."""
        path = f"{API}image-sets/{self.set}/images/{item}/"
        answer = self.curator.client.patch(path, said, format="json")
        assert answer.status_code == 200, answer.content
        return str(answer.json()["work"])

    def held(self, holder: str, *, by: str = "", licence: str = "", **more: Any) -> str:
        """A picture of `holder` whose papers have been checked; its work's id."""
        paper = self.document(f"{holder} holds the rights in this picture")
        creators = [by] if by else [holder]
        work = self.picture(
            creators=creators, holders=[holder], licence=licence, evidence=paper, **more
        )
        self.check(paper)
        return work

    def chain(self, work: str, paper: str, *links: dict[str, Any]) -> list[str]:
        """The curator records links of the chain of title, all shown by one paper."""
        return [
            self.curator.post(f"works/{work}/chain/", evidence=paper, **link)["id"]
            for link in links
        ]

    @property
    def verdict(self) -> dict[str, Any]:
        found: dict[str, Any] = self.curator.get(f"image-sets/{self.set}/verdict/")
        return found

    @property
    def outcome(self) -> str:
        return str(self.verdict["outcome"])

    def finds(self, code: str, words: str = "") -> bool:
        """Whether this is what keeps the set from being cleared, in these words."""
        found = [f for f in self.verdict["findings"] if f["severity"] != "info"]
        said = [f["explanation"] + " " + f["remedy"] for f in found if f["code"] == code]
        assert {f["code"] for f in found} == {code}, found
        assert any(words in sentence for sentence in said), said
        return True

    @property
    def cleared(self) -> bool:
        verdict = self.verdict
        assert verdict["outcome"] == "cleared", verdict["findings"]
        return True


def sold(to: str, frm: str, **more: Any) -> dict[str, Any]:
    """An assignment of everything."""
    return {"kind": "assignment", "party": to, "grantor": frm, "conveys": ["*"], **more}
