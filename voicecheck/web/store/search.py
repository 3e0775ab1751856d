"""Search: the words of each message, found by how they begin; SQLite's FTS5, or PostgreSQL's text search.

Both are given words that were split here, so that they find the same. A number is kept with each of its ends
too, ``4165550198`` as ``165550198``, ``65550198`` and so on: what begins one of them is part of the number.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, cast, literal, literal_column
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import Boolean

from voicecheck.web.store.names import name_key

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\+?\d[\d ().-]{5,}\d")
_DIGITS_MIN = 3
_LETTERS_MAX = 64

_SQLITE = (
    "CREATE VIRTUAL TABLE message_words USING fts5(id, words, tokenize = 'unicode61 remove_diacritics 0')",
    "INSERT INTO message_words (id, words) SELECT id, search FROM messages",
    "CREATE TRIGGER words_in AFTER INSERT ON messages BEGIN "
    "INSERT INTO message_words (id, words) VALUES (new.id, new.search); END",
    "CREATE TRIGGER words_out AFTER DELETE ON messages BEGIN {forget} END",
    "CREATE TRIGGER words_changed AFTER UPDATE OF search ON messages WHEN old.search IS NOT new.search BEGIN "
    "{forget} INSERT INTO message_words (id, words) VALUES (new.id, new.search); END",
)
_FORGET = (
    "DELETE FROM message_words WHERE rowid IN (SELECT rowid FROM message_words "
    "WHERE message_words MATCH 'id:\"' || old.id || '\"' AND id = old.id);"
)
_VECTOR = "array_to_tsvector(string_to_array(messages.search, ' '))"


def split(said: str) -> str:
    """Write what a search finds: every word once and folded, and each number's digits with their ends.

    Parameters
    ----------
    said : str
        Any text.

    Returns
    -------
    str
        Words between blanks.

    Examples
    --------
    >>> split("Call 416-5555, call")
    'call 416 5555 4165555 165555 65555 555'
    """
    words = dict.fromkeys(word[:_LETTERS_MAX] for word in _WORD.findall(name_key(said)))
    for run in _NUMBER.findall(said):
        digits = re.sub(r"\D", "", run)[:_LETTERS_MAX]
        words.update(dict.fromkeys(digits[at:] for at in range(len(digits) - _DIGITS_MIN + 1)))
    return " ".join(words)


class Holds(ColumnElement[bool]):
    """Whether a message holds a word that begins like this one.

    Parameters
    ----------
    word : str
        Of letters and digits, folded.
    """

    type = Boolean()
    inherit_cache = False

    def __init__(self, word: str) -> None:
        self.word = word[:_LETTERS_MAX]


@compiles(Holds, "sqlite")
def _in_sqlite(element: Holds, compiler: SQLCompiler, **options: Any) -> str:
    match = literal_column("message_words").op("MATCH")(f'words:"{element.word}"*')
    return f"messages.id IN (SELECT id FROM message_words WHERE {compiler.process(match, **options)})"


@compiles(Holds, "postgresql")
def _in_postgresql(element: Holds, compiler: SQLCompiler, **options: Any) -> str:
    query = cast(literal(f"'{element.word}':*"), TSQUERY)
    return f"{_VECTOR} @@ {compiler.process(query, **options)}"


def asked(query: str) -> list[Holds]:
    """Read what somebody looks for: each word has to be there.

    Parameters
    ----------
    query : str
        As it was typed.

    Returns
    -------
    list of Holds
        Empty for no word at all.

    Examples
    --------
    >>> [each.word for each in asked("Lee's 555-0198")]
    ['lee', 's', '555', '0198']
    """
    return [Holds(word) for word in _WORD.findall(name_key(query))]


def make_index(connection: Connection) -> None:
    """Index the words that there are, and every one that comes.

    Parameters
    ----------
    connection : Connection
        To SQLite or PostgreSQL.
    """
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE:
            connection.exec_driver_sql(statement.format(forget=_FORGET))
    else:
        connection.exec_driver_sql(f"CREATE INDEX message_words ON messages USING gin ({_VECTOR})")


def drop_index(connection: Connection) -> None:
    """Take the index away.

    Parameters
    ----------
    connection : Connection
        To SQLite or PostgreSQL.
    """
    if connection.dialect.name == "sqlite":
        for name in ("words_in", "words_out", "words_changed"):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("DROP TABLE message_words")
    else:
        connection.exec_driver_sql("DROP INDEX message_words")


def forget_deleted(connection: Connection) -> None:
    """Rewrite SQLite's index, which still holds the words of what was deleted.

    Parameters
    ----------
    connection : Connection
        To another database than SQLite it does nothing.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO message_words (message_words) VALUES ('optimize')")
