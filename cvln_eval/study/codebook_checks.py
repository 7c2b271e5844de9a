"""What the parts of a codebook must agree on."""

from __future__ import annotations

from math import isfinite

from cvln_eval.errors import StudyError, shown
from cvln_eval.study.codebook import Codebook, normalised_label

__all__ = ["check_codebook"]


def check_codebook(codebook: Codebook) -> None:
    """Raise `StudyError` if a response set is missing, contradicts itself or does not fit."""
    known = {label.response_set for label in codebook.labels}
    named = {item.item: item.response_set for item in codebook.items if item.response_set}
    named |= {f"{c.table}.{c.column}": c.response_set for c in codebook.columns if c.response_set}
    unknown = {owner: name for owner, name in named.items() if name not in known}
    if unknown:
        raise StudyError(
            "The codebook names a response set that it does not define",
            expected=f"one of {shown(sorted(known)) or 'those in response_sets.csv'}",
            seen=shown(f"{owner}: {name}" for owner, name in unknown.items()),
            file="response_sets.csv",
        )
    _check_labels(codebook)
    _check_values(codebook)


def _check_labels(codebook: Codebook) -> None:
    """Refuse a label that stands for two values, the one it is itself included."""
    values = {(label.response_set, label.value) for label in codebook.labels if not label.missing}
    seen: dict[tuple[str, str], str] = {}
    for label in codebook.labels:
        at = (label.response_set, normalised_label(label.label))
        other = seen.setdefault(at, label.value)
        if (label.response_set, label.label) in values:
            other = label.label
        if other != label.value:
            raise StudyError(
                "One label stands for two values",
                seen=f"{label.label!r}: {other!r} and {label.value!r}",
                file="response_sets.csv",
                column=label.response_set,
                todo="where a number stands for another number, give the value another name,"
                " or recode in a copy of the file",
            )


def _check_values(codebook: Codebook) -> None:
    """Refuse answers that are no numbers, and reverse keying without a scale to turn round."""
    for item in codebook.items:
        values = codebook.values(item.response_set)
        wrong = [value for value in values if not _is_number(value)]
        if wrong or (item.reverse and not values):
            raise StudyError(
                "An item's response set has values that are not numbers"
                if wrong
                else "A reversed item has no response set to say its lowest and highest value",
                expected="numbers in the column value of response_sets.csv",
                seen=shown(wrong) if wrong else f"item {item.item!r}: {item.response_set!r}",
                file="response_sets.csv" if wrong else "items.csv",
                column=item.response_set if wrong else "response_set",
            )
    for column in codebook.columns:
        values = codebook.values(column.response_set)
        if column.type == "boolean" and not set(values) <= {"true", "false"}:
            raise StudyError(
                "A yes-or-no column has labels for other values than true and false",
                expected="true or false",
                seen=shown(values),
                file="response_sets.csv",
                column=column.response_set,
            )


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
