"""Who may sign in, personal links, the clinic's settings, and the list of patients."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "people",
        sa.Column("sign_in", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("sign_in", sa.String(80), nullable=False, index=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(16), nullable=False, unique=True),
        sa.Column("patient", sa.String(64), nullable=False, index=True),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("withdrawn", sa.BigInteger, nullable=True),
        sa.Column("used", sa.BigInteger, nullable=True),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    _pathway()


def _pathway() -> None:
    texts = (("name", 200), ("search", 600))
    codes = (("stage", 20), ("step", 40), ("holder", 20), ("day", 10), ("day_is", 10), ("policy", 40), ("outcome", 20))
    op.create_table(
        "pathway",
        sa.Column("patient", sa.String(64), primary_key=True),
        *(sa.Column(name, sa.String(size), nullable=False) for name, size in texts),
        sa.Column("rank", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String(size), nullable=False) for name, size in codes),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("flags", sa.Text, nullable=False),
        sa.Column("until", sa.String(10), nullable=False, index=True),
    )
    op.create_index("pathway_order", "pathway", ["rank", "day", "name", "patient"])
