"""The sealed release that the offline check is tried on."""

from tests.release_fixtures import fields, key, pin, release, unsealed  # noqa: F401
