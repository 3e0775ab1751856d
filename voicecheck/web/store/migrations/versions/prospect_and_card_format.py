"""Whom a message is for, and the format of the cards that were judged by a rubric."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; nothing is known of what is there already."""
    op.add_column("messages", sa.Column("prospect", sa.Text))
    op.add_column("rubrics", sa.Column("card_format", sa.String(64)))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("rubrics", "card_format")
    op.drop_column("messages", "prospect")
