"""Whether somebody asked what the listener's phone would print."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; null is that nobody asked."""
    op.add_column("messages", sa.Column("phone", sa.String(8)))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("messages", "phone")
