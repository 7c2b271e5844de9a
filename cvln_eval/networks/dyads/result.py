"""What regressions of ties found, network by network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cvln_eval.networks.dyads.cells import Cells
from cvln_eval.networks.dyads.evidence import Evidence
from cvln_eval.networks.dyads.testing import P_COLUMNS
from cvln_eval.results import Result, count, number, p_in_words

__all__ = ["DyadRegression", "key_of", "regression_of"]

DSP = "the residuals of the term on the other terms exchange people (double semi-partialling)"
METHODS = {
    "dsp": f"least squares; {DSP}; t",
    "y": "least squares; the outcome exchanges people (y-permutation); t",
    "logistic": f"logistic regression; {DSP}; score test",
}
NULLS = {
    "dsp": "given the other terms, {} has nothing to do with the tie",
    "y": "no term has anything to do with the tie",
    "logistic": "given the other terms, {} has nothing to do with whether there is a tie",
}
NULL_OF = "given the other terms, {} has nothing to do with {}"
SHORT = {"dsp": "MRQAP", "y": "MRQAP (y-permutation)", "logistic": "Logistic QAP"}
# Of ties that form or are kept: what the null hypothesis speaks of, and over which pairs.
PROCESSES = {
    "formation": ("whether a tie forms", "pairs without a tie in the wave before"),
    "persistence": ("whether a tie is kept", "pairs with a tie in the wave before"),
}
ERRORS = "; std_error robust to shared people, n / (n - 1), t with n - 1 df"
LINEAR = ("standardised",)
ODDS = ("odds_ratio", "odds_ratio_low", "odds_ratio_high")
KEY = ("wave", "relation", "process")
WHOLE = ("n", "n_ties", "n_dyads", "n_draws", "enumerated")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DyadRegression(Result):
    """Regressions of ties; see `mrqap`, `logistic_qap`, `lagged`, `selection`.

    Attributes
    ----------
    method : str
        "dsp", "y" or "logistic".
    terms : DataFrame
        One row a network and coefficient.
    models : DataFrame
        One row a network: how many pairs, how well it fits.
    draws : DataFrame
        Statistic of each term after each permutation.
    """

    method: str
    terms: pd.DataFrame
    models: pd.DataFrame
    draws: pd.DataFrame

    def tidy(self) -> pd.DataFrame:
        """Return one row a network and coefficient."""
        return self.terms.copy()

    def fits(self) -> pd.DataFrame:
        """Return one row a network: people, pairs and how well the regression fits."""
        return self.models.copy()

    def null_distribution(self) -> pd.DataFrame:
        """Return one row a network, term and permutation: the statistic it gave."""
        return self.draws.copy()

    def glance(self) -> pd.DataFrame:
        """Return one row: regressions, pairs, permutations and the largest inflation."""
        models = self.models
        done = models["reason"] == ""
        row = {
            "n_networks": len(models),
            "n_terms": int((~self.terms["is_intercept"]).sum()) // len(models),
            "n_dyads": int(models["n_dyads"].sum()),
            "n_dyads_left_out": int(models["n_dyads_left_out"].sum()),
            "n_draws": int(models["n_draws"].max()),
            "vif_max": self.terms["vif"].max(),
            "method": METHODS[self.method],
            "reason": "" if done.any() else "; ".join(dict.fromkeys(models["reason"])),
        }
        return pd.DataFrame([row])

    def sentence(self) -> str:
        """Return a sentence a network: each term with its coefficient and p."""
        return " ".join(self._sentence(row) for _, row in self.models.iterrows())

    def _sentence(self, model: pd.Series) -> str:
        what = key_in_words(model["wave"], model["relation"])
        what = f"{model['process']} of {what}" if "process" in model else what
        if model["reason"]:
            return f"No regression of {what}: {model['reason']}."
        terms, key = self.terms, [name for name in KEY if name in model]
        own = (terms[key] == model[key]).all(axis=1)
        parts = [_in_words(row) for _, row in terms[own & ~terms["is_intercept"]].iterrows()]
        pairs = count(int(model["n_dyads"]), "pair")
        people = count(int(model["n"]), "person", "people")
        all_of = "all " if model["enumerated"] else ""
        drawn = f"{all_of}{count(int(model['n_draws']), 'permutation')}"
        return (
            f"{SHORT[self.method]} of {what} on {pairs} of {people}, {drawn}: {'; '.join(parts)}."
        )


def _in_words(row: pd.Series) -> str:
    b = f"{row['term']}, b = {number(row['estimate'])}"
    return f"{b}, {p_in_words(row['p_value'])}"


def key_in_words(wave: str, relation: str) -> str:
    """Return a network's relation and wave in words."""
    return f"{relation}, {wave}" if wave else relation


def key_of(cells: Cells) -> dict[str, str]:
    """Return wave, relation and process if any; those of several networks together joined."""
    waves = dict.fromkeys(network.wave for network in cells.networks)
    relations = dict.fromkeys(network.relation for network in cells.networks)
    key = {"wave": " + ".join(waves), "relation": " + ".join(relations)}
    return key | ({"process": cells.process} if cells.process else {})


def regression_of(
    found: Sequence[tuple[Cells, Evidence]], *, method: str, conf_level: float
) -> DyadRegression:
    """Return the result of regressions."""
    terms, models, draws = [], [], []
    for cells, evidence in found:
        key = key_of(cells)
        whole = {name: evidence.whole[name] for name in WHOLE}
        places = np.arange(len(evidence.terms))
        columns: dict[str, Any] = key | whole | {"is_intercept": places < len(cells.networks)}
        own = evidence.terms.assign(**columns)
        terms.append(own)
        models.append(key | evidence.whole)
        for term, values in evidence.draws.items():
            numbers = {"draw": np.arange(1, len(values) + 1), "statistic": values}
            draws.append(pd.DataFrame(key | {"term": term} | numbers))
    empty = pd.DataFrame(columns=[*key_of(found[0][0]), "term", "draw", "statistic"])
    joined = pd.concat(draws, ignore_index=True) if draws else empty
    table = pd.concat(terms, ignore_index=True).assign(conf_level=conf_level)
    return DyadRegression(method, _told(table, method), pd.DataFrame(models), joined)


def _told(table: pd.DataFrame, method: str) -> pd.DataFrame:
    """Return the table with method and null hypothesis in words, its columns in order."""
    nulls = [NULLS[method].format(term) for term in table["term"]]
    table["method"] = METHODS[method] + ERRORS
    if "process" in table:
        what, pairs = np.array([PROCESSES[process] for process in table["process"]]).T
        nulls = [NULL_OF.format(*one) for one in zip(table["term"], what, strict=True)]
        table["method"] += "; " + pd.Series(pairs, index=table.index)
    table["null_hypothesis"] = np.where(table["is_intercept"], "", nulls)
    for name, of in zip(ODDS, ("estimate", "conf_low", "conf_high"), strict=True):
        table[name] = np.exp(table[of]) if method == "logistic" else np.nan
    order = [*(name for name in KEY if name in table), "term", "is_intercept", "estimate"]
    order += [*(ODDS if method == "logistic" else LINEAR), *P_COLUMNS]
    order += ["std_error", "conf_low", "conf_high", "conf_level", "vif"]
    return table[[*order, *WHOLE, "method", "null_hypothesis", "reason"]]
