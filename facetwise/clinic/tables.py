"""The tables of the store. Migrations (migrations/versions) make them; this is what the code reads and writes by."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text

METADATA = MetaData()

PATIENTS = Table(
    "patients",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("record", Text, nullable=False),
)
"""One row a patient: the record of contract section 4 as canonical JSON, and how often it was saved."""

TRAIL = Table(
    "trail",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("did", String(40), nullable=False),
    Column("patient", String(64), nullable=True, index=True),
    Column("version", Integer, nullable=True),
    Column("before", Text, nullable=True),
    Column("after", Text, nullable=True),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""One row a change, numbered from 1 without gaps; `hash` is of the row and of the hash before it."""
