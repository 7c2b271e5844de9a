"""The answer of each method to the observed outcome, one row a method."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cvln_eval.errors import CvlnWarning
from cvln_eval.inference.design import ClusterDesign
from cvln_eval.inference.mixed import mixed_model
from cvln_eval.inference.panel.answers import Method
from cvln_eval.inference.panel.assignments import assignments
from cvln_eval.inference.panel.kinds import (
    CR2,
    METHODS,
    MIXED,
    RANDOMIZATION,
    WEIGHTS,
    method_of,
)
from cvln_eval.inference.randomization import randomization_test
from cvln_eval.inference.robust import cluster_robust
from cvln_eval.inference.wild import wild_bootstrap

__all__ = ["ANSWER", "Question", "answer_of", "answers_of"]

ANSWER = (
    "estimate",
    "std_error",
    "df",
    "p_value",
    "smallest_p",
    "conf_low",
    "conf_high",
    "reason",
)

TESTED = "tested"

Row = dict[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked of every method.

    Attributes
    ----------
    design : ClusterDesign
        The regression.
    term : int
        Column of the coefficient.
    conf_level : float
        Level of the intervals.
    n_draws : int
        Random weights or assignments, where not all are taken.
    rng : Generator
        Where chance comes from.
    """

    design: ClusterDesign
    term: int
    conf_level: float
    n_draws: int
    rng: np.random.Generator

    def table(self) -> pd.DataFrame:
        """Return the design as a table: `y`, the `tested` column, the controls, the `cluster`."""
        found = pd.DataFrame({"y": self.design.y, TESTED: self.design.x[:, self.term]})
        for name, column in self.controls().items():
            found[name] = column
        return found.assign(cluster=np.array(self.design.clusters)[self.design.codes])

    def controls(self) -> dict[str, np.ndarray]:
        """Return the other regressors, the constant, if any, among them."""
        others = np.delete(self.design.x, self.term, axis=1)
        return {f"control_{place}": column for place, column in enumerate(others.T)}

    @property
    def formula(self) -> str:
        """The formula that goes with `table`."""
        return " + ".join([f"y ~ 0 + {TESTED}", *self.controls()])


def answers_of(question: Question) -> pd.DataFrame:
    """Return one row a method of the panel."""
    streams = question.rng.spawn(len(METHODS))
    rows = [
        {"method": name, **_noted(name, question, stream)}
        for name, stream in zip(METHODS, streams, strict=True)
    ]
    return pd.DataFrame(rows, columns=["method", *ANSWER, "note"])


def _noted(name: str, question: Question, stream: np.random.Generator) -> Row:
    """Return the row of a method, what it warns of as a note: the size beside it is the proof."""
    design = question.design
    method = method_of(name, design.x, design.codes, design.terms, question.term)
    ask = _ROOMS.get(name)
    reason = getattr(method, "reason", "")
    if reason:
        return {**dict.fromkeys(ANSWER, math.nan), "reason": reason, "note": ""}
    if ask is None:
        return {**answer_of(method, design.y, question.conf_level), "note": ""}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CvlnWarning)
        row = ask(name, question, stream)
    row["reason"] = _in_their_words(str(row["reason"]), design, question.term)
    said = [str(row.pop("warning", "")), *(str(one.message) for one in caught)]
    note = "; ".join(dict.fromkeys(words for words in said if words))
    return {**row, "note": _in_their_words(note, design, question.term)}


def _in_their_words(said: str, design: ClusterDesign, term: int) -> str:
    """Return what a room says of the `table` of a question, said of the reader's columns."""
    named = said.replace(repr(TESTED), repr(design.terms[term]))
    return named.replace(" explain y ", f" explain {design.outcome} ")


def answer_of(method: Method, y: np.ndarray, conf_level: float) -> Row:
    """Return the answer of a method that needs no chance to one outcome."""
    reason = getattr(method, "reason", "")
    found = method.answers(y[:, None], conf_level, np.random.default_rng(0))
    names = ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high")
    row: Row = {name: float(getattr(found, name)[0]) for name in names}
    if not reason and math.isnan(found.p_value[0]):
        reason = "no standard error can be had"
    return {**row, "smallest_p": math.nan if reason else method.smallest_p, "reason": reason}


def _cr2(name: str, question: Question, stream: np.random.Generator) -> Row:
    found = cluster_robust(
        question.table(),
        formula=question.formula,
        cluster="cluster",
        kind="CR2",
        conf_level=question.conf_level,
    )
    return _row_of(found.tidy())


def _wild(name: str, question: Question, stream: np.random.Generator) -> Row:
    found = wild_bootstrap(
        question.table(),
        formula=question.formula,
        term=TESTED,
        cluster="cluster",
        draws=WEIGHTS[name],
        n_draws=question.n_draws,
        conf_level=question.conf_level,
        rng=stream,
    )
    return _row_of(found.tidy())


def _randomized(name: str, question: Question, stream: np.random.Generator) -> Row:
    moving = [name for name, column in question.controls().items() if np.ptp(column) > 0]
    studentised = _studentised(question)
    found = randomization_test(
        question.table(),
        outcome="y",
        treatment=TESTED,
        cluster="cluster",
        controls=moving,
        statistic="t" if studentised else "difference",
        n_draws=question.n_draws,
        conf_level=question.conf_level,
        rng=stream,
    )
    why = "" if studentised else "the difference, not its t: one cluster alone sets the slope"
    return {**_row_of(found.tidy()), "warning": why}


def _studentised(question: Question) -> bool:
    design = question.design
    made = assignments(design.x, design.codes, design.terms, question.term, n_draws=1)
    return getattr(made, "studentised", True)


def _mixed(name: str, question: Question, stream: np.random.Generator) -> Row:
    found = mixed_model(
        question.table(),
        formula=question.formula,
        random={"cluster": "1"},
        conf_level=question.conf_level,
    )
    return _row_of(found.tidy())


def _row_of(tidy: pd.DataFrame) -> Row:
    """Return the row of the term in the words of the panel."""
    chosen = tidy[tidy["term"] == TESTED] if "term" in tidy else tidy
    row = chosen.iloc[0]
    found = {name: row.get(name, math.nan) for name in ANSWER}
    return {**found, "warning": row.get("warning", "")}


_ROOMS: dict[str, Callable[[str, Question, np.random.Generator], Row]] = {
    CR2: _cr2,
    **dict.fromkeys(WEIGHTS, _wild),
    RANDOMIZATION: _randomized,
    MIXED: _mixed,
}


def no_answers(reason: str) -> pd.DataFrame:
    """Return one row a method without an answer, and why."""
    nothing = {**dict.fromkeys(ANSWER, math.nan), "reason": reason, "note": ""}
    rows = [{"method": name, **nothing} for name in METHODS]
    return pd.DataFrame(rows, columns=["method", *ANSWER, "note"])
