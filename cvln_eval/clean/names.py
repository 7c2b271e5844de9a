"""Names of people as they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["ALIKE", "likeness", "may_be_one", "normalised_name"]

# Two normalised names at or above this likeness (0 to 100) may be one person; a person decides.
ALIKE = 82.0
TITLES = frozenset(("dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sr", "sra", "rev"))
DEGREES = frozenset(("edd", "phd", "med"))
# These stand for degrees only after a comma, as they are names too: "Kate O'Neil, M.A.", "Ling Ma".
DEGREES_AFTER_COMMA = DEGREES | {"ma", "ms", "ba", "mba"}
# A father and a son differ by these alone, so that they are part of the name.
GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv"))
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"}


@lru_cache(maxsize=200_000)
def normalised_name(name: str) -> str:
    """Return a name without case, accents, titles, degrees and punctuation, given name first.

    "Last, First" is turned round; hyphens count as blanks, apostrophes as nothing. Letters of
    every script are kept; text without any letter or digit stays as it is.

    Examples
    --------
    >>> normalised_name("IBÁÑEZ-Cole, Dr. José")
    'jose ibanez cole'
    >>> normalised_name("Kate O'Neil, Ed.D.")
    'kate oneil'
    >>> normalised_name("Smith, John, Jr.")
    'john smith jr'
    """
    words = _words(_given_first([part.strip() for part in name.split(",") if part.strip()]))
    kept = [word for word in words if word not in DEGREES] or words
    while len(kept) > 1 and kept[0] in TITLES:
        kept = kept[1:]
    return " ".join(kept) or " ".join(name.split()).casefold()


def _given_first(parts: list[str]) -> str:
    """Return the parts between commas as one name: "Last, First, Jr., Ed.D." is First Last Jr."""
    family, rest = parts[:1], parts[1:]
    if len(rest) > 1 or " " in "".join(family):
        rest = [part for part in rest if _letters(part) not in DEGREES_AFTER_COMMA]
    last = [part for part in rest if _letters(part) in GENERATIONS]
    return " ".join([*(part for part in rest if part not in last), *family, *last])


def _letters(part: str) -> str:
    return "".join(filter(str.isalpha, part.casefold()))


def _words(text: str) -> list[str]:
    plain = "".join(LETTERS.get(letter, letter) for letter in text.casefold())
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"['’`.]", "", plain)
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain).split()


def likeness(first: str, second: str) -> float:
    """Return how alike two normalised names are, from 0 to 100.

    The larger of rapidfuzz's token-sort ratio and, where the last words are equal, its
    token-set ratio, so that a typing error and a short or missing given name both count as alike.
    """
    from rapidfuzz import fuzz

    whole = fuzz.token_sort_ratio(first, second)
    same_last = first.split()[-1:] == second.split()[-1:]
    return max(whole, fuzz.token_set_ratio(first, second)) if same_last else whole


def may_be_one(first: str, second: str) -> bool:
    """Return whether two normalised names under one id may be one person.

    They are alike, or share a word and begin with the same letter, as after a marriage or with an
    initial; where a name is missing, nothing speaks against it. Two of one family do not pass.
    """
    if not first or not second:
        return True
    shared = set(first.split()) & set(second.split())
    return bool(shared and first[0] == second[0]) or likeness(first, second) >= ALIKE
