"""C2PA manifests: read in every format, intact or not, and never fetched."""

from __future__ import annotations

import http.server
import threading

import pytest

from provenance.intake.decoding import decode
from provenance.intake.metadata import read
from provenance.intake.metadata.credentials import SETTINGS
from tests.provenance.intake.embedding import (
    KINDS,
    credentialed,
    edited,
    no_training,
    packet,
    with_xmp,
)


def pairs(data: bytes, kind: str = "jpeg") -> list[tuple[str, str]]:
    return [(one.source, one.training) for one in read(data, kind).signals]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("label", ["c2pa", "cawg"])
def test_a_manifest_of_an_unknown_signer_that_forbids_training_counts(kind, label):
    data = credentialed(kind, no_training(label))
    found = decode(data).embedded
    assert [(s.source, s.training) for s in found.signals] == [
        (f"c2pa:{label}.training-mining", "prohibited")
    ]
    assert found.signals[0].quote == f"{label}.ai_generative_training: notAllowed"
    assert found.digital_source_type == "digitalCapture"
    assert found.unreadable == ()


@pytest.mark.parametrize(
    ("use", "training"),
    [
        ("allowed", "allowed"),
        ("notAllowed", "prohibited"),
        ("constrained", "prohibited"),
        ("maybe", "unreadable"),
    ],
)
def test_each_use_of_a_training_entry_is_told(use, training):
    assert pairs(credentialed("JPEG", no_training(use=use))) == [
        ("c2pa:cawg.training-mining", training)
    ]


def test_a_constraint_is_quoted():
    data = credentialed(
        "JPEG", no_training(use="constrained", constraint_info="https://ask.example")
    )
    quote = read(data, "jpeg").signals[0].quote
    assert quote == "cawg.ai_generative_training: constrained (https://ask.example)"


def test_entries_that_are_not_about_training_say_nothing_of_it():
    entries = {"c2pa.ai_inference": {"use": "notAllowed"}, "c2pa.ai_training": {"use": "allowed"}}
    data = credentialed("JPEG", {"label": "c2pa.training-mining", "data": {"entries": entries}})
    assert pairs(data) == [("c2pa:c2pa.training-mining", "allowed")]


def test_a_manifest_without_a_word_on_training_gives_no_signal():
    assert read(credentialed("PNG"), "png").signals == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_manifest_that_was_tampered_with_is_unreadable(kind):
    data = credentialed(kind, no_training(use="allowed")).replace(b"allowed", b"ALLOWED")
    found = read(data, kind.lower())
    assert [(one.source, one.training) for one in found.signals] == [("c2pa", "unreadable")]
    assert found.unreadable == ("c2pa",)


def test_a_manifest_whose_picture_was_changed_is_unreadable():
    data = bytearray(credentialed("JPEG", no_training()))
    data[-30] ^= 1
    found = read(bytes(data), "jpeg")
    assert found.unreadable == ("c2pa",)
    assert "assertion.dataHash.mismatch" in found.signals[0].quote


def test_what_the_picture_was_made_from_still_forbids_and_does_not_permit():
    forbidding = credentialed("JPEG", no_training())
    permitting = credentialed("JPEG", no_training(use="allowed"))
    assert pairs(edited("JPEG", forbidding)) == [("c2pa:cawg.training-mining", "prohibited")]
    assert pairs(edited("JPEG", permitting)) == []


@pytest.fixture
def server():
    """A server on this machine that counts who asks it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}", asked
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize("box", [b"", b"jumb"])
def test_a_manifest_kept_elsewhere_is_not_fetched_and_said_to_be_unreadable(server, box):
    address, asked = server
    xmp = packet(attributes=f'dcterms:provenance="{address}/manifest.c2pa"')
    found = read(with_xmp("JPEG", xmp) + box, "jpeg")
    assert found.unreadable == ("c2pa",)
    assert address in found.signals[0].quote
    assert asked == []


def test_no_host_at_all_may_be_asked():
    assert SETTINGS["core"]["allowed_network_hosts"] == []
    assert SETTINGS["verify"] == {"remote_manifest_fetch": False, "ocsp_fetch": False}
