"""A release folder before and after it is sealed."""

from tests.release_fixtures import fields, key, pin, release, unsealed  # noqa: F401
