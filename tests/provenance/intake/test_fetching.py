"""Pictures added by their address: from a real server on this machine, and from nowhere private."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from dataclasses import dataclass, field

import pytest

from accounts.errors import InvalidError, RefusedError
from ledger.models import Entry
from provenance.intake import fetching
from provenance.intake.fetching import Fetched, add_from_url, fetch, is_public
from provenance.intake.metadata.headers import signals_of
from provenance.intake.rules import Limits
from provenance.intake.selectors import current_evaluation, signals_about
from provenance.intake.services import add_picture
from tests.provenance.records import a_set, actor, client_of, picture

PICTURE = picture(1)


@dataclass
class Answer:
    """What the server sends at a path."""

    body: bytes = PICTURE
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    drip: bool = False
    """A byte every twentieth of a second, for eight seconds."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        self.over = threading.Event()

    def at(self, path: str, *args, **how) -> str:
        """The address of an answer."""
        self.answers[path] = Answer(*args, **how)
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Host"]))
        answer = self.server.answers[self.path]
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for _ in range(160 if answer.drip else 0):
                if self.server.over.wait(0.05):
                    break
                self.wfile.write(b"x")
            self.wfile.write(answer.body)
        except OSError:
            pass  # the other side has heard enough

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(settings):
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1"]
    made = Server()
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()


def refusal(url: str, bounds: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(InvalidError) as caught:
        fetch(url, bounds)
    assert caught.value.remedy
    return caught.value.code


def test_a_picture_is_fetched_with_what_its_server_says(server):
    url = server.at("/a%20cat.png?size=2", headers={"tdm-reservation": "1"})
    got = fetch(url + "#part", Limits())
    assert got == Fetched(url, PICTURE, signals_of([("tdm-reservation", "1")]))
    assert server.asked == [("/a%20cat.png?size=2", f"127.0.0.1:{server.server_port}")]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TDM-Reservation", "1", [("header:tdm-reservation", "1", "prohibited")]),
        ("tdm-reservation", "0", []),
        ("tdm-reservation", "yes", [("header:tdm-reservation", "yes", "unreadable")]),
        ("tdm-policy", "urn:p", [("header:tdm-policy", "urn:p", "conditional")]),
        ("X-Robots-Tag", "noindex, noai", [("header:x-robots-tag", "noai", "prohibited")]),
        ("X-Robots-Tag", "bot: NoAI", [("header:x-robots-tag", "bot: NoAI", "prohibited")]),
        ("X-Robots-Tag", "noindex, unavailable_after: 25 Jun 2030 15:00:00 PST", []),
        (
            "Content-Usage",
            "bots=y, train-ai=n",
            [("header:content-usage", "train-ai=n", "prohibited")],
        ),
        (
            "Content-Usage",
            "train-ai=y;x=1",
            [("header:content-usage", "train-ai=y;x=1", "allowed")],
        ),
        ("Content-Usage", "train-ai", [("header:content-usage", "train-ai", "unreadable")]),
        ("Content-Usage", "search=n", []),
        (
            "Link",
            '<https://a.example/>; rel="next", '
            '<https://a.example/l.xml>; rel="license"; type="application/rsl+xml"',
            [("header:rsl", "https://a.example/l.xml", "conditional")],
        ),
        ("Link", '<https://a.example/by>; rel="license"', []),
        ("Server", "noai", []),
    ],
)
def test_each_header_is_read_for_what_it_says_of_training(name, value, expected):
    assert [(s.source, s.quote, s.training) for s in signals_of([(name, value)])] == expected


def test_an_item_keeps_the_address_the_day_and_the_servers_words(server, owner):
    image_set, _ = a_set(owner)
    url = server.at("/shelf/cat.png", headers={"X-Robots-Tag": "noai", "tdm-policy": "urn:p"})
    item = add_from_url(actor=actor(owner), image_set=image_set, url=url, collector="Me")
    item.refresh_from_db()
    assert (item.source_url, item.filename, item.collector) == (url, "cat.png", "Me")
    assert item.fetched["url"] == url
    assert item.fetched["at"].startswith(item.collected_on.isoformat())
    assert [one["training"] for one in item.fetched["signals"]] == ["prohibited", "conditional"]
    assert item.image.embedded["signals"] == []
    assert [one["source"] for one in signals_about(item)] == [
        "header:x-robots-tag",
        "header:tdm-policy",
    ]
    entry = Entry.objects.get(kind="picture.fetched")
    assert entry.subject == f"set:{image_set.pk}"
    assert url not in str(entry.data)


def test_what_a_server_says_is_added_to_a_picture_that_was_uploaded_before(server, owner):
    image_set, (item,) = a_set(owner, 1)
    client = client_of(owner)
    client.post(f"/api/v1/image-sets/{image_set.pk}/verdict/")
    assert current_evaluation(image_set) is not None
    for path, header in (("/a", {"tdm-reservation": "1"}), ("/b", {})):
        url = server.at(path, headers=header)
        again = add_from_url(actor=actor(owner), image_set=image_set, url=url)
        assert again.pk == item.pk
        assert [one["training"] for one in again.fetched["signals"]] == ["prohibited"]
    assert current_evaluation(image_set) is None


def test_the_api_takes_an_address_and_answers_with_the_opt_outs(server, owner, stranger):
    image_set, _ = a_set(owner)
    here = f"/api/v1/image-sets/{image_set.pk}/images/"
    url = server.at("/cat.png", headers={"Content-Usage": "train-ai=n"})
    assert client_of(stranger).post(here, {"url": url}).status_code == 404
    answer = client_of(owner).post(here, {"url": url})
    assert answer.status_code == 201
    assert answer.data["opt_outs"] == [
        {"source": "header:content-usage", "quote": "train-ai=n", "training": "prohibited"}
    ]
    refused = client_of(owner).post(here, {"url": "http://localhost/"})
    assert (refused.status_code, refused.data["code"]) == (400, "private_address")
    for nonsense in ([1], {"url": {}}, {"other": 1}, 7):
        assert client_of(owner).post(here, nonsense).status_code == 400


def test_the_page_takes_an_address_and_shows_what_was_said(server, owner, client):
    image_set, _ = a_set(owner)
    client.force_login(owner)
    url = server.at("/cat.png", headers={"X-Robots-Tag": "noai"})
    sent = client.post(f"/sets/{image_set.pk}/upload/", {"url": url}, follow=True)
    assert "1 picture is in." in sent.content.decode()
    page = client.get(f"/sets/pictures/{image_set.items.get().pk}/").content.decode()
    assert "What the file says" in page
    assert "noai" in page
    sent = client.post(f"/sets/{image_set.pk}/upload/", {"url": "http://[::1]/"}, follow=True)
    assert "not on the public internet" in sent.content.decode()


def test_a_file_that_is_no_picture_is_refused_and_leaves_nothing(server, owner):
    image_set, _ = a_set(owner)
    with pytest.raises(InvalidError, match="not a picture"):
        add_from_url(actor=actor(owner), image_set=image_set, url=server.at("/", b"<html>"))
    assert not image_set.items.exists()


def test_a_frozen_set_is_refused_before_anybody_is_asked(server, owner):
    image_set, _ = a_set(owner)
    image_set.frozen_at = image_set.created_at
    image_set.save()
    with pytest.raises(RefusedError, match="submitted"):
        add_from_url(actor=actor(owner), image_set=image_set, url=server.at("/"))
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("", "cat.png", "ftp://a.example/", "file:///etc/passwd", "http://", "javascript:1"),
        *("http://me:secret@a.example/", "http://a.example:99999/", "http://a.example:0/"),
        *("http://[::1/", "http://a.example/\r\nHost:b", "https://a.example/" + "a" * 500),
    ],
)
def test_an_address_that_is_none_is_refused(url):
    assert refusal(url) == "bad_url"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "0.0.0.0",  # noqa: S104
            "127.1",
            "2130706433",
            "0x7f000001",
            "10.0.0.1",
        ),
        *("192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "[::1]", "[fe80::1]"),
        *("[fd00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1"),
    ],
)
def test_a_private_address_is_refused_in_every_spelling(host):
    assert refusal(f"http://{host}:1/") == "private_address"


def test_public_addresses_are_told_from_others():
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07::1")
    assert not is_public("fe80::1%eth0")


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    both = [(2, 1, 6, "", (ip, 80)) for ip in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: both)
    assert refusal("http://pictures.example/") == "private_address"


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_asked(
    server, settings, monkeypatch
):
    settings.FETCH_ALLOWED_HOSTS = ["pictures.example"]
    found = [[(2, 1, 6, "", ("127.0.0.1", server.server_port))]]
    real = socket.getaddrinfo

    def once(host, *args, **how):
        return found.pop() if host == "pictures.example" else real(host, *args, **how)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", once)
    server.at("/cat.png")
    url = f"http://pictures.example:{server.server_port}/cat.png"
    assert fetch(url, Limits()).data == PICTURE
    assert server.asked == [("/cat.png", f"pictures.example:{server.server_port}")]
    assert found == []


def test_an_unknown_name_is_refused(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(fetching.socket, "getaddrinfo", unknown)
    assert refusal("http://pictures.example/") == "unknown_host"
    assert refusal(f"http://{'a' * 70}.example/") == "unknown_host"


def leading(server: Server, path: str, to: str, **headers: str) -> str:
    return server.at(path, b"", {"Location": to, **headers}, 302)


def test_three_redirects_are_followed_and_what_is_said_on_the_way_counts(server):
    server.at("/4")
    leading(server, "/3", "/4")
    leading(server, "/2", "3", **{"tdm-reservation": "1"})
    url = leading(server, "/1", "/2")
    got = fetch(url, Limits())
    assert got.url.endswith("/4")
    assert [one.training for one in got.signals] == ["prohibited"]
    assert refusal(leading(server, "/0", "/1")) == "too_many_redirects"


@pytest.mark.parametrize("to", ["http://localhost:1/", "http://[::1]/", "//10.0.0.1/x"])
def test_a_redirect_to_a_private_address_is_refused(server, to):
    assert refusal(leading(server, "/", to)) == "private_address"


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/"])
def test_a_redirect_to_something_else_is_refused(server, to):
    assert refusal(leading(server, "/", to)) == "bad_url"


def test_too_many_bytes_are_refused_whether_announced_or_not(server):
    few = Limits(max_bytes=1000)
    told = server.at("/told", headers={"Content-Length": "999999999"})
    assert refusal(told, few) == "too_large"
    assert refusal(server.at("/untold"), few) == "too_large"


@pytest.mark.parametrize("status", [404, 500, 206, 304, 302])
def test_an_answer_that_is_no_file_is_refused(server, status):
    assert refusal(server.at("/", status=status)) == "not_fetched"


def test_a_packed_or_cut_off_answer_is_refused(server):
    assert refusal(server.at("/", headers={"Content-Encoding": "gzip"})) == "not_fetched"
    longer = str(len(PICTURE) + 9)
    assert refusal(server.at("/", headers={"Content-Length": longer})) == "not_fetched"


def test_a_server_that_drips_is_cut_off_in_time(server):
    begun = time.monotonic()
    assert refusal(server.at("/", drip=True), Limits(seconds=0.4)) == "too_slow"
    assert time.monotonic() - begun < 5


def test_a_server_that_nobody_runs_is_told(server, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        assert refusal(url) == "not_fetched"
        assert refusal(url.replace("http", "https")) == "not_fetched"


def test_tls_with_a_server_that_speaks_none_is_refused(server):
    assert refusal(server.at("/").replace("http", "https")) == "not_fetched"


def test_a_picture_from_before_files_were_read_is_read_when_it_comes_again(owner):
    image_set, (item,) = a_set(owner, 1)
    item.image.embedded = {}
    item.image.save()
    url = f"/api/v1/image-sets/{image_set.pk}/images/{item.pk}/"
    assert client_of(owner).get(url).data["opt_outs"] is None
    assert client_of(owner).get(url).data["embedded"] is None
    add_picture(actor=actor(owner), image_set=image_set, data=PICTURE, filename="1.png")
    assert client_of(owner).get(url).data["opt_outs"] == []
