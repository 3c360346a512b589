"""Pictures, people and records that the tests of provenance begin with."""

from __future__ import annotations

import io
import random

import numpy as np
from PIL import Image as Pixels
from PIL import ImageDraw
from rest_framework.test import APIClient

from accounts.actors import Actor
from accounts.models import User
from provenance.intake.services import add_picture, create_set
from provenance.screening.local import Features
from provenance.screening.local.features import ROW


def picture(seed: int, *, size: tuple[int, int] = (256, 192), kind: str = "PNG", **how) -> bytes:
    """A drawing with enough detail; two seeds do not resemble each other."""
    chance = random.Random(seed)
    drawn = Pixels.new("RGB", (256, 192), tuple(chance.randrange(256) for _ in range(3)))
    pen = ImageDraw.Draw(drawn)
    for _ in range(40):
        x, y = chance.randrange(-20, 250), chance.randrange(-20, 190)
        box = (x, y, x + chance.randrange(8, 90), y + chance.randrange(8, 90))
        colour = tuple(chance.randrange(256) for _ in range(3))
        (pen.ellipse if chance.random() < 0.5 else pen.rectangle)(box, fill=colour)
    out = io.BytesIO()
    drawn.resize(size).save(out, kind, **how)
    return out.getvalue()


def features(seed: str) -> bytes:
    """Packed local features that no other picture's resemble."""
    chance = np.random.default_rng(list(seed.encode()))
    rows = np.frombuffer(chance.bytes(40 * ROW.itemsize), ROW)
    return Features(512, 512, rows).to_bytes()


def user(name: str, **roles: bool) -> User:
    return User.objects.create_user(name, f"{name}@example.org", "a long password", **roles)


def actor(of: User) -> Actor:
    return Actor.of(of)


def client_of(of: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(of)
    return client


def a_set(owner: User, *seeds: int, name: str = "Evening pictures"):
    """A set of `owner` with a picture for each seed, called `<seed>.png`."""
    made = create_set(actor=Actor.of(owner), name=name)
    items = [
        add_picture(
            actor=Actor.of(owner), image_set=made, data=picture(seed), filename=f"{seed}.png"
        )
        for seed in seeds
    ]
    return made, items
