"""Where the rep's part of a call begins and ends, as a person told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; null is as it was found."""
    op.add_column("messages", sa.Column("start_s", sa.Float))
    op.add_column("messages", sa.Column("end_s", sa.Float))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("messages", "end_s")
    op.drop_column("messages", "start_s")
