"""The tables; `migrations` builds them, and a test makes sure that both say the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC; SQLite would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        if value is None or value.tzinfo is not None:
            return None if value is None else value.astimezone(UTC)
        return value.replace(tzinfo=UTC)  # type: ignore[no-any-return]


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    # As names are compared (`name_key`).
    Column("key", String(160), nullable=False, unique=True, index=True, server_default=""),
    Column("role", String(10), nullable=False),
    Column("password_hash", Text, nullable=False),
    # Part of every session: counting it up ends them all.
    Column("epoch", Integer, nullable=False),
)

rubrics = Table(
    "rubrics",
    metadata,
    Column("id", Integer, primary_key=True),
    # Of versions of one rubric; of each line the highest id counts. It is the first version's id.
    Column("line", Integer, nullable=False, index=True, server_default="0"),
    # Of the cards that were judged by it; one of another format is no card any more.
    Column("card_format", String(64)),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("adopted_by", String(80)),
    Column("adopted_at", UtcTime, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("rep", String(80), nullable=False),
    Column("rep_key", String(160), nullable=False, index=True, server_default=""),
    Column("name", String(120), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("n_bytes", BigInteger, nullable=False),
    Column("expected", String(20)),
    # As long as the list of a batch has it.
    Column("prospect", Text),
    # Who speaks, as they say it, and for whom.
    Column("speaker", Text),
    Column("company", Text),
    # Where its numbers are dialled from; null is the server's.
    Column("region", String(2)),
    Column("received_at", UtcTime, nullable=False, index=True),
    Column("state", String(10), nullable=False, index=True),
    # How often the listening process died of this message.
    Column("crashes", Integer, nullable=False),
    Column("complaint", Text),
    Column("duration_s", Float),
    Column("verdict", String(10)),
    Column("next_step", Text),
    # How many required checks passed, of how many.
    Column("passed", Integer),
    Column("counted", Integer),
    # The version that the card is by, and the line of versions that it is to be by.
    Column("rubric_id", Integer, ForeignKey("rubrics.id"), index=True),
    Column("rubric_line", Integer, index=True),
    Column("override_verdict", String(10)),
    Column("override_note", Text),
    Column("override_by", String(80)),
    Column("override_at", UtcTime),
    # Where the rep's part of a call begins and ends, as a person told; null is as it was found.
    Column("start_s", Float),
    Column("end_s", Float),
    # What the listener's phone would print: null while nobody asked, "wanted", then "printed".
    Column("phone", String(8)),
    # What lists show and search, from the card.
    Column("number", String(40)),
    Column("first_words", Text),
    # The words that a search finds, each once, between blanks (`voicecheck.web.store.search`).
    Column("search", Text),
    # When the rep let the coaches see it; null while it is practice.
    Column("handed_in_at", UtcTime),
    # When a coach first opened it.
    Column("looked_at", UtcTime),
    # Large: rows are listed without reading them.
    # As text: a hearing holds NaN, which PostgreSQL's JSON refuses.
    Column("hearing", Text),
    Column("card", JSON(none_as_null=True)),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("check_id", String(40), primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("value", Float),
)

properties = Table(
    "properties",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

# Who deleted, overrode or changed what; never what was said.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("who", String(80)),
    Column("what", String(40), nullable=False),
    Column("about", String(120)),
    Column("detail", Text),
)

keys = Table(
    "keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    # Whose messages it hands in; null lets the program say.
    Column("rep", String(80)),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("made_by", String(80)),
    Column("made_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)
