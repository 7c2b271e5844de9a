"""Names of people as they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["likeness", "normalised_name"]

TITLES = frozenset(("dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sr", "sra", "rev"))
SUFFIXES = frozenset(("jr", "ii", "iii", "iv", "edd", "phd", "med", "ma"))
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"}
NOT_LETTERS = re.compile(r"[^a-z0-9 ]+")


@lru_cache(maxsize=200_000)
def normalised_name(name: str) -> str:
    """Return a name without case, accents, titles, degrees and punctuation, given name first.

    "Last, First" is turned round; hyphens count as blanks, apostrophes as nothing.

    Examples
    --------
    >>> normalised_name("IBÁÑEZ-Cole, Dr. José")
    'jose ibanez cole'
    >>> normalised_name("Kate O'Neil, Ed.D.")
    'kate oneil'
    """
    parts = [part.strip() for part in name.split(",") if part.strip()]
    parts = [parts[0], *(part for part in parts[1:] if not _is_suffix(part))] if parts else [""]
    ordered = " ".join([*parts[1:], parts[0]])
    plain = "".join(LETTERS.get(letter, letter) for letter in ordered.casefold())
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"['’`.]", "", plain)
    words = NOT_LETTERS.sub(" ", plain).split()
    kept = [word for word in words if word not in TITLES and word not in SUFFIXES]
    return " ".join(kept or words)


def _is_suffix(part: str) -> bool:
    return "".join(filter(str.isalpha, part.casefold())) in SUFFIXES


def likeness(first: str, second: str) -> float:
    """Return how alike two normalised names are, from 0 to 100.

    The larger of rapidfuzz's token-sort ratio and, where the last words are equal, its
    token-set ratio, so that a typing error and a short or missing given name both count as alike.
    """
    from rapidfuzz import fuzz

    whole = fuzz.token_sort_ratio(first, second)
    same_last = first.split()[-1:] == second.split()[-1:]
    return max(whole, fuzz.token_set_ratio(first, second)) if same_last else whole
