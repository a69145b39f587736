"""Records, and the trail of every change, which can only be added to."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and have the database itself refuse to change or remove an entry of the trail."""
    op.create_table(
        "patients",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_table(
        "trail",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("did", sa.String(40), nullable=False),
        sa.Column("patient", sa.String(64), nullable=True),
        sa.Column("version", sa.Integer, nullable=True),
        sa.Column("changes", sa.Text, nullable=True),
        sa.Column("before_hash", sa.String(64), nullable=True),
        sa.Column("after_hash", sa.String(64), nullable=True),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("trail_of_patient", "trail", ["patient", "number"])
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER trail_no_{what.lower()} BEFORE {what} ON trail "
                "BEGIN SELECT RAISE(ABORT, 'the trail can only be added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION trail_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the trail can only be added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER trail_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON trail "
        "FOR EACH STATEMENT EXECUTE FUNCTION trail_only_grows()"
    )


def downgrade() -> None:
    """There is no way back from a clinic's records."""
    raise NotImplementedError("A store is not taken back. Restore a copy instead.")
