"""Pictures that tell little, too much or nothing: through intake and screening, as they come."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from accounts.actors import SYSTEM
from accounts.errors import InvalidError
from provenance.intake.services import take_in
from provenance.models import BankEntry, Features, Level, Match, MatchBank, Party
from provenance.screening import bank, bulk, services
from provenance.screening.looks import VERSION
from provenance.screening.protecting import Portrayed, protect
from tests.provenance.intake.pictures import chunk, encoded, png_of_16_bits
from tests.provenance.screening.drawings import drawing

pytestmark = pytest.mark.django_db
COPIES = 100_000


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def gradient(seed: int) -> Image.Image:
    ramp = np.linspace(seed * 40, 255, 400).astype(np.uint8)
    return Image.fromarray(np.repeat(ramp[None, :, None], 300, 0).repeat(3, 2))


def written(words: str) -> Image.Image:
    page = Image.new("RGB", (600, 400), "white")
    draw = ImageDraw.Draw(page)
    for line in range(24):
        draw.text((20, 12 + 16 * line), f"{words} {line} {words[::-1]} {words.upper()}", "black")
    return page


def lost(seed: int) -> bytes:
    """Colours that nobody sees: all is transparent."""
    pixels = np.zeros((300, 400, 4), np.uint8)
    pixels[..., :3] = noise(seed, 300, 400, 3)
    return encoded(Image.fromarray(pixels), "PNG")


def huge() -> bytes:
    """A header that claims 10,000 x 10,000 pixels."""
    head = (10_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


TOLD_LITTLE = {
    "1 x 1": lambda seed: encoded(Image.new("RGB", (1, 1), (seed, 9, 9)), "PNG"),
    "1 x 10000": lambda seed: encoded(Image.fromarray(noise(seed, 10_000, 1, 3)), "PNG"),
    "one colour": lambda seed: encoded(Image.new("RGB", (400, 300), (seed, 90, 90)), "PNG"),
    "gradient": lambda seed: encoded(gradient(seed), "PNG"),
    "transparent on transparent": lost,
}
TOLD_ENOUGH = {
    "noise": lambda seed: encoded(Image.fromarray(noise(seed, 300, 400, 3)), "PNG"),
    "16 bits": lambda seed: png_of_16_bits(
        np.asarray(drawing(seed), np.uint16)[:300, :400] * np.uint16(257)
    ),
    "text only": lambda seed: encoded(
        written(["quiet harbours", "a lamp is lit"][seed % 2]), "PNG"
    ),
}
UNREADABLE = {
    "half of a JPEG": lambda: (whole := encoded(drawing(1), "JPEG"))[: len(whole) // 2],
    "half of a PNG": lambda: (whole := encoded(drawing(1), "PNG"))[: len(whole) // 2],
    "100 megapixels": huge,
    "nothing": lambda: b"",
}


@pytest.fixture
def studio(db):
    return Party.objects.create(kind="organisation", name="Studio", level=Level.SIGNED)


def listed(studio, data: bytes, name: str = "work"):
    shown = Portrayed(take_in(data), name, name)
    return protect(actor=SYSTEM, holder=studio, pictures=[shown], level=Level.SIGNED).added[0]


def outcomes(data: bytes, path) -> set[str]:
    """By the site and by the bulk command; both must say the same."""
    path.write_bytes(data)
    return {
        services.screen_picture(data).outcome,
        bulk.answer(str(path), bank.current())["outcome"],
    }


@pytest.mark.parametrize("kind", TOLD_LITTLE)
def test_what_tells_too_little_is_possible_and_neither_clear_nor_a_match(studio, tmp_path, kind):
    listed(studio, TOLD_LITTLE[kind](1))
    listed(studio, encoded(drawing(1), "PNG"), "drawing")
    stranger = TOLD_LITTLE[kind](2)
    same_pixels = kind == "transparent on transparent"  # all white, whatever lies below
    expected = {"match", "possible"} if same_pixels else {"possible"}
    assert outcomes(stranger, tmp_path / "a.png") == expected
    image = take_in(stranger)
    services.ensure_screened([image])
    assert image.screening.low_information or same_pixels


@pytest.mark.parametrize("kind", TOLD_ENOUGH)
def test_what_tells_enough_is_found_and_no_stranger_is(studio, tmp_path, kind):
    work, stranger = TOLD_ENOUGH[kind](1), TOLD_ENOUGH[kind](2)
    listed(studio, work)
    assert outcomes(work, tmp_path / "a.png") == {"match"}
    assert "match" not in outcomes(stranger, tmp_path / "b.png")


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_refused_and_never_clear(studio, tmp_path, kind):
    listed(studio, encoded(drawing(1), "PNG"))
    data = UNREADABLE[kind]()
    assert outcomes(data, tmp_path / "a.png") == {"unreadable"}
    with pytest.raises(InvalidError):
        take_in(data)


@pytest.mark.slow
def test_among_100_000_copies_the_one_with_evidence_is_named(studio):
    look = take_in(encoded(drawing(1), "PNG"))
    watch = MatchBank.of_kind(MatchBank.Kind.WATCH)
    copies = BankEntry.objects.bulk_create(
        [
            BankEntry(bank=watch, pdq=look.pdq, quality=90, label=f"copy {n}", bank_version=0)
            for n in range(COPIES)
        ],
        batch_size=5_000,
    )
    kept = {"version": VERSION, "codes": [look.pdq], "quality": 90, "data": b""}
    Features.objects.bulk_create([Features(entry=one, **kept) for one in copies], batch_size=5_000)
    protection = listed(studio, encoded(drawing(1), "PNG"))
    out = BytesIO()
    drawing(1).crop((60, 60, 560, 400)).save(out, "JPEG")
    image = take_in(out.getvalue())
    services.ensure_screened([image])
    assert Match.objects.filter(image=image, entry=protection.entry, outcome="match").exists()
    assert Match.objects.filter(image=image).count() <= bank.MOST
