"""Rubrics side by side, who speaks and for whom, how many checks passed, and an index of words to search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from voicecheck.web.store.search import drop_index, make_index, split

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns: what there is becomes one line; every card is made again once, which counts checks."""
    op.add_column("rubrics", sa.Column("line", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE rubrics SET line = (SELECT MIN(id) FROM rubrics)")
    op.create_index("ix_rubrics_line", "rubrics", ["line"])
    for column in (
        sa.Column("speaker", sa.Text),
        sa.Column("company", sa.Text),
        sa.Column("passed", sa.Integer),
        sa.Column("counted", sa.Integer),
        sa.Column("rubric_line", sa.Integer),
    ):
        op.add_column("messages", column)
    op.execute("UPDATE messages SET rubric_line = (SELECT MIN(id) FROM rubrics)")
    op.create_index("ix_messages_rubric_line", "messages", ["rubric_line"])
    op.execute("UPDATE rubrics SET card_format = NULL")
    _split_words()
    make_index(op.get_bind())


def _split_words() -> None:
    connection = op.get_bind()
    for message_id, said in connection.execute(sa.text("SELECT id, search FROM messages")).all():
        connection.execute(
            sa.text("UPDATE messages SET search = :words WHERE id = :id"),
            {"id": message_id, "words": split(said or "")},
        )


def downgrade() -> None:
    """Remove them."""
    drop_index(op.get_bind())
    op.drop_index("ix_messages_rubric_line", "messages")
    for column in ("rubric_line", "counted", "passed", "company", "speaker"):
        op.drop_column("messages", column)
    op.drop_index("ix_rubrics_line", "rubrics")
    op.drop_column("rubrics", "line")
