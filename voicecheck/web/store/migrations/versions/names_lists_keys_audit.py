"""Names without case, what lists show and search, hand-ins, keys for programs, an audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from voicecheck.web.store.names import name_key

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns and tables; every card is made again once, which fills what lists show."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "properties",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_properties"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("who", sa.String(80)),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("about", sa.String(120)),
        sa.Column("detail", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "keys",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("rep", sa.String(80)),
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        sa.Column("made_by", sa.String(80)),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("used_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_keys"),
        sa.UniqueConstraint("secret_sha256", name="uq_keys_secret_sha256"),
    )
    op.add_column("users", sa.Column("key", sa.String(160), nullable=False, server_default=""))
    for column in (
        sa.Column("rep_key", sa.String(160), nullable=False, server_default=""),
        sa.Column("region", sa.String(2)),
        sa.Column("number", sa.String(40)),
        sa.Column("first_words", sa.Text),
        sa.Column("search", sa.Text),
        sa.Column("handed_in_at", moment),
        sa.Column("looked_at", moment),
    ):
        op.add_column("messages", column)
    _fold_names()
    op.create_index("ix_users_key", "users", ["key"], unique=True)
    op.create_index("ix_messages_rep_key", "messages", ["rep_key"])
    op.drop_index("ix_messages_rep", "messages")
    op.execute("UPDATE messages SET handed_in_at = received_at")
    op.execute("UPDATE rubrics SET card_format = NULL")


def _fold_names() -> None:
    """Give each name its key; a second account of the same name but for its case gets a number."""
    connection = op.get_bind()
    taken: set[str] = set()
    for user_id, name in connection.execute(sa.text("SELECT id, name FROM users ORDER BY id")).all():
        free, number = name, 1
        while name_key(free) in taken:
            number += 1
            free = f"{name[:74]} ({number})"
        taken.add(name_key(free))
        values = {"id": user_id, "name": free, "key": name_key(free), "old": name}
        connection.execute(sa.text("UPDATE users SET name = :name, key = :key WHERE id = :id"), values)
        if free != name:
            connection.execute(sa.text("UPDATE messages SET rep = :name WHERE rep = :old"), values)
    for (rep,) in connection.execute(sa.text("SELECT DISTINCT rep FROM messages")).all():
        connection.execute(
            sa.text("UPDATE messages SET rep_key = :key WHERE rep = :rep"), {"rep": rep, "key": name_key(rep)}
        )


def downgrade() -> None:
    """Remove them."""
    op.create_index("ix_messages_rep", "messages", ["rep"])
    op.drop_index("ix_messages_rep_key", "messages")
    op.drop_index("ix_users_key", "users")
    for column in ("looked_at", "handed_in_at", "search", "first_words", "number", "region", "rep_key"):
        op.drop_column("messages", column)
    op.drop_column("users", "key")
    for table in ("keys", "audit", "properties"):
        op.drop_table(table)
