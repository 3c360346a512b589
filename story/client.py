"""One user's view of the REST API: JSON in, JSON out, refusals as answers to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

TIMEOUT = 120


@dataclass(frozen=True)
class Answer:
    """A status with its JSON body (or None)."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def ok(self) -> bool:
        return self.status < 400  # noqa: PLR2004 - HTTP's own line


class UnexpectedAnswerError(Exception):
    """The server refused something that must work."""


class Client:
    """The API at `server`, with the access token of one user."""

    def __init__(self, server: str, token: str) -> None:
        self.server = server
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.session.trust_env = False  # the server is on this machine; no proxy is asked

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        """One request; a refusal is an answer too."""
        url = f"{self.server}/api/v1/{path}"
        reply = self.session.request(method, url, timeout=TIMEOUT, **options)
        is_json = "json" in reply.headers.get("Content-Type", "")
        body = reply.json() if is_json and reply.content else None
        return Answer(reply.status_code, body, dict(reply.headers))

    def get(self, path: str, **options: Any) -> Any:
        return self._must("GET", path, **options)

    def post(self, path: str, **body: Any) -> Any:
        return self._must("POST", path, json=body)

    def send(self, path: str, name: str, data: bytes, **fields: Any) -> Any:
        """Upload a file as multipart `file`."""
        return self._must("POST", path, files={"file": (name, data)}, data=fields)

    def _must(self, method: str, path: str, **options: Any) -> Any:
        answer = self.ask(method, path, **options)
        if not answer.ok:
            raise UnexpectedAnswerError(f"{method} {path} answered {answer.status}: {answer.body}")
        return answer.body
