"""Users, rubrics, messages and the outcome of each check."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "rubrics",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("adopted_by", sa.String(80)),
        sa.Column("adopted_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rubrics"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("rep", sa.String(80), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("n_bytes", sa.BigInteger, nullable=False),
        sa.Column("expected", sa.String(20)),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("complaint", sa.Text),
        sa.Column("duration_s", sa.Float),
        sa.Column("verdict", sa.String(10)),
        sa.Column("next_step", sa.Text),
        sa.Column("rubric_id", sa.Integer),
        sa.Column("override_verdict", sa.String(10)),
        sa.Column("override_note", sa.Text),
        sa.Column("override_by", sa.String(80)),
        sa.Column("override_at", moment),
        sa.Column("hearing", sa.Text),
        sa.Column("card", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.ForeignKeyConstraint(["rubric_id"], ["rubrics.id"], name="fk_messages_rubric_id"),
    )
    for column in ("rep", "sha256", "received_at", "state", "rubric_id"):
        op.create_index(f"ix_messages_{column}", "messages", [column])
    op.create_table(
        "outcomes",
        sa.Column("message_id", sa.String(22), nullable=False),
        sa.Column("check_id", sa.String(40), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("value", sa.Float),
        sa.PrimaryKeyConstraint("message_id", "check_id", name="pk_outcomes"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_outcomes_message_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("outcomes", "messages", "rubrics", "users"):
        op.drop_table(table)
