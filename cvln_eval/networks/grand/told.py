"""What an author tells of the items that no panel can know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cvln_eval.errors import ArgumentError, shown

__all__ = ["ALL", "Words", "told_rows"]

ALL = "all"
Words = str | Mapping[str, str] | None


def told_rows(
    words: Words, keyword: str, waves: Sequence[str], relations: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Return wave, relation and words: one row, or one a wave or relation; "" what is not told.

    Raises
    ------
    ArgumentError
        If the words are none, or a key is no wave or relation of the panel.
    """
    if words is None:
        return [(ALL, ALL, "")]
    if isinstance(words, str):
        return [(ALL, ALL, _checked(words, keyword))]
    if not isinstance(words, Mapping) or not words:
        raise _no_words(words, keyword)
    checked = {str(key): _checked(value, keyword) for key, value in words.items()}
    if set(checked) <= set(relations):
        return [(ALL, relation, checked.get(relation, "")) for relation in relations]
    if set(checked) <= set(waves):
        return [(wave, ALL, checked.get(wave, "")) for wave in waves]
    raise ArgumentError(
        f"`{keyword}` is told of something that is not in the panel",
        expected=f"all relations, of {shown(relations)}, or all waves, of {shown(waves)}",
        seen=shown(checked),
    )


def _checked(words: object, keyword: str) -> str:
    if not isinstance(words, str) or not words.strip():
        raise _no_words(words, keyword)
    return words.strip()


def _no_words(words: object, keyword: str) -> ArgumentError:
    return ArgumentError(
        f"`{keyword}` is told in words",
        expected="text, or a mapping from relations or waves to text; None if it is not known",
        seen=repr(words),
    )
