"""Quick search over a column of `domain.kernel.search.search_text`: each word must occur, with at most one typo."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, any_, case, false, literal, or_, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped

from domain.kernel import typo
from domain.kernel.search import looks_like_phone, query_text

MOST_WORDS = 6
"""Words of a query that are searched; the rest is ignored."""


class Words:
    """A typed query, as conditions on one text: a column, or an expression in the form of one."""

    def __init__(self, query: str, column: Mapped[str] | ColumnElement[str]) -> None:
        self._column = column
        text = query_text(query)
        # A phone is one word, with or without spaces.
        self._words = [text] if looks_like_phone(query) else text.split()[:MOST_WORDS]

    @property
    def meant(self) -> list[ColumnElement[bool]]:
        """One condition for each word."""
        return [self._meant(word) for word in self._words]

    @property
    def rank(self) -> ColumnElement[Any]:
        """0 for an exact match, 1 for a match with a typo."""
        if not self._words:
            return literal(0)
        return case((and_(true(), *map(self._as_typed, self._words)), 0), else_=1)

    def _as_typed(self, word: str) -> ColumnElement[bool]:
        return self._column.like(f"%{_escape(word)}%")

    def _meant(self, word: str) -> ColumnElement[bool]:
        return or_(self._as_typed(word), self._with_a_slip(word) if typo.tolerates(word) else false())

    def _with_a_slip(self, word: str) -> ColumnElement[bool]:
        # Patterns and not `word_similarity`: two swapped letters in a surname leave a quarter of its trigrams, less
        # than two different surnames may share. The trigram index serves patterns as well.
        patterns = [f"%{spelling}%" for spelling in typo.spellings(word, "_", _escape)]
        return self._column.like(any_(literal(patterns, ARRAY(Text))))


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
