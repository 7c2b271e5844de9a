"""One cell as received to one clean value, with the ledger's rule for the change.

Every parser takes a cell and returns `(value, text, rule)`: the typed value (None when missing),
its clean text, and the rule, "" when nothing changed. Parsers see each distinct cell of a column
once, so that a million cells cost little more than their distinct values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cvln_eval.clean.dates import day_order, parse_date
from cvln_eval.clean.numbers import PLAIN, decimal_mark, parse_number
from cvln_eval.clean.sheet import objects
from cvln_eval.study import normalised_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cvln_eval.study import Codebook, Column, Label

__all__ = ["Parsed", "Parser", "apply_parser", "label_parser", "parser_of", "squeezed"]

Parsed = tuple[object, str, str]
Parser = Callable[[str], Parsed]

MISSING: Parsed = (None, "", "")
BOOLEANS = {
    **dict.fromkeys(("true", "yes", "y", "1", "x"), True),
    **dict.fromkeys(("false", "no", "n", "0"), False),
}


def squeezed(text: str) -> str:
    """Return text without outer blanks and with single blanks inside."""
    return " ".join(text.split())


def apply_parser(
    raw: NDArray[np.object_], parser: Parser
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.object_]]:
    """Return values, clean texts and rules of a column of cells."""
    codes, distinct = pd.factorize(raw, use_na_sentinel=False)
    parsed = [parser(cell) for cell in distinct]
    values, texts, rules = (objects([cell[part] for cell in parsed]) for part in range(3))
    return values[codes], texts[codes], rules[codes]


def parser_of(
    column: Column, codebook: Codebook, *, missing: Iterable[str], where: Mapping[str, str | None]
) -> Callable[[Iterable[str]], Parser]:
    """Return a function from a column's distinct cells to the parser of that column's type."""
    codes = frozenset(missing)
    labels = codebook.response_set(column.response_set)

    def build(cells: Iterable[str]) -> Parser:
        if column.type in ("date", "datetime"):
            inner = _date_parser(cells, column, where)
        elif column.type in ("integer", "number"):
            inner = _number_parser(column, _mark_of(cells, where))
        elif column.type == "boolean":
            inner = label_parser(labels, ()) if labels else _boolean
        elif labels or column.levels:
            inner = label_parser(labels, column.levels)
        else:
            inner = _text
        return _with_missing(_with_missing_labels(inner, labels), codes)

    return build


def _with_missing(inner: Parser, codes: frozenset[str]) -> Parser:
    def parse(cell: str) -> Parsed:
        text = cell.strip()
        if not text:
            return MISSING
        return (None, "", "missing_code") if text in codes else inner(cell)

    return parse


def _with_missing_labels(inner: Parser, labels: tuple[Label, ...]) -> Parser:
    missing = {normalised_label(label.label) for label in labels if label.missing}

    def parse(cell: str) -> Parsed:
        found = normalised_label(cell) in missing
        return (None, "", "missing_code") if found else inner(cell)

    return parse if missing else inner


def _text(cell: str) -> Parsed:
    text = cell.strip()
    return text, text, "" if text == cell else "trimmed"


def _boolean(cell: str) -> Parsed:
    value = BOOLEANS.get(cell.strip().casefold())
    if value is None:
        return None, "", "unknown_label"
    text = "true" if value else "false"
    return value, text, "" if cell == text else "label_to_value"


def label_parser(labels: tuple[Label, ...], levels: tuple[str, ...]) -> Parser:
    """Return a parser of labels: a value or level as it stands, a label, or either but for case.

    A cell such as "4 - Agree" is read when the number and the label agree. A number that is no
    value of a numeric response set is out of range; any other text is an unknown label.
    """
    values = {label.value for label in labels if not label.missing} | set(levels)
    exact = {label.label: label.value for label in labels if not label.missing}
    loose = {normalised_label(value): value for value in sorted(values)}
    loose |= {normalised_label(label): value for label, value in exact.items()}
    numeric = bool(values) and all(PLAIN.match(value) for value in values)

    def parse(cell: str) -> Parsed:
        if cell in values:
            return cell, cell, ""
        if cell in exact:
            return exact[cell], exact[cell], "label_to_value"
        near = normalised_label(cell)
        if near in loose:
            return loose[near], loose[near], "trimmed"
        if numeric:
            return _numbered(near, values, loose)
        return None, "", "unknown_label"

    return parse


def _numbered(near: str, values: set[str], loose: Mapping[str, str]) -> Parsed:
    """Read "4.0" or "4 - agree" in a numeric response set."""
    first, _, rest = near.partition(" ")
    number = first.rstrip(".:=-)")
    if PLAIN.match(near):
        whole = f"{float(near):g}"
        return (whole, whole, "number_format") if whole in values else (None, "", "out_of_range")
    if number in values and loose.get(rest.lstrip("-=:.) ")) == number:
        return number, number, "label_to_value"
    return None, "", "unknown_label"


def _mark_of(cells: Iterable[str], where: Mapping[str, str | None]) -> str:
    texts = [squeezed(cell) for cell in cells]
    file, header = where["file"] or "", where["header"] or ""
    return decimal_mark(texts, stated=where["decimal"], file=file, column=header)


def _number_parser(column: Column, mark: str = ".") -> Parser:
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum

    def parse(cell: str) -> Parsed:
        value, rule = parse_number(cell, unit=column.unit, mark=mark)
        if value is None:
            return None, "", rule
        whole = column.type == "integer"
        # Beyond 2 to the power 53 whole numbers cannot be held one by one.
        uneven = whole and (abs(value) >= 2**53 or value % 1 != 0)
        if not low <= value <= high or uneven or not np.isfinite(value):
            return None, "", "out_of_range"
        if rule == "":
            return value, cell, ""
        return value, f"{value:.15g}", rule

    return parse


def _date_parser(cells: Iterable[str], column: Column, where: Mapping[str, str | None]) -> Parser:
    texts = [squeezed(cell) for cell in cells]
    order = day_order(
        texts, stated=where["dates"], file=where["file"] or "", column=where["header"] or ""
    )
    shape = "%Y-%m-%d" if column.type == "date" else "%Y-%m-%d %H:%M:%S"

    def parse(cell: str) -> Parsed:
        text = squeezed(cell)
        value, rule = parse_date(text, order=order)
        if value is None:
            return None, "", rule
        if column.type == "date":
            value = value.replace(hour=0, minute=0, second=0)
            # A time in a column of days is left out, and that is said.
            rule = "date_format" if rule == "" and ":" in text else rule
        if rule == "" and text != cell:
            rule = "trimmed"
        return value, cell if rule == "" else value.strftime(shape), rule

    return parse
