"""A PostgreSQL of the tests' own, as the clinic's tests have it."""

from tests.clinic.conftest import postgres

__all__ = ["postgres"]
