"""The tables of the store. Migrations (migrations/versions) make them; this is what the code reads and writes by."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()

PATIENTS = Table(
    "patients",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("record", Text, nullable=False),
)
"""One row a patient: the record of docs/reference/record.md as canonical JSON, and how often it was saved."""

TRAIL = Table(
    "trail",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("did", String(40), nullable=False),
    Column("patient", String(64), nullable=True),
    Column("version", Integer, nullable=True),
    Column("changes", Text, nullable=True),
    Column("before_hash", String(64), nullable=True),
    Column("after_hash", String(64), nullable=True),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("trail_of_patient", "patient", "number"),
)
"""One row a change, numbered from 1 without gaps; `hash` is of the row and of the hash before it.

changes: the places that changed, as `changes.py` writes them; before_hash, after_hash: SHA-256 of the whole record.
"""

PEOPLE = Table(
    "people",
    METADATA,
    Column("sign_in", String(80), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("password", String(200), nullable=False),
    Column("active", Boolean, nullable=False),
)
"""Who may sign in, with which role. `password` is what Argon2 made of it."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("sign_in", String(80), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
)
"""Who is signed in: the SHA-256 of the cookie, the token that forms carry, seconds since 1970."""

LINKS = Table(
    "links",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("patient", String(64), nullable=False, index=True),
    Column("made", BigInteger, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("withdrawn", BigInteger, nullable=True),
    Column("used", BigInteger, nullable=True),
)
"""Personal links of patients: the SHA-256 of the token, never the token."""

SETTINGS = Table(
    "settings",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the clinic chose, as JSON by name."""

PATHWAY = Table(
    "pathway",
    METADATA,
    Column("patient", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("search", String(600), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("step", String(40), nullable=False),
    Column("says", Text, nullable=False),
    Column("holder", String(20), nullable=False),
    Column("day", String(10), nullable=False),
    Column("day_is", String(10), nullable=False),
    Column("flags", Text, nullable=False),
    Column("policy", String(40), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("until", String(10), nullable=False, index=True),
    Index("pathway_order", "rank", "day", "name", "patient"),
)
"""One row a patient for the list, made from the record; it is valid until the day `until`, then renewed."""
