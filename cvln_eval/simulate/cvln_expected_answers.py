"""What cleaning must find in the untidy survey exports of the simulated CVLN study."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cvln_eval.simulate.cvln_survey_layouts import survey_headers
from cvln_eval.simulate.cvln_untidy_surveys import EMPTY
from cvln_eval.simulate.planting import LOSSY_RULES, RawDraft

__all__ = ["empty_forms", "expected_responses"]


def empty_forms(drafts: Mapping[str, RawDraft]) -> set[tuple[str, str]]:
    """Return the wave and person of each form that was sent without an answer."""
    return {
        (wave, str(label).removeprefix(EMPTY))
        for wave, draft in drafts.items()
        for label in draft.cells.index
        if str(label).startswith(EMPTY)
    }


def expected_responses(drafts: dict[str, RawDraft], *, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the answers that cleaning must find: one row for each cell that is not empty.

    Parameters
    ----------
    drafts : dict of RawDraft
        From `untidy_surveys`.
    answers : pd.DataFrame
        From `simulate_answers`.

    Returns
    -------
    pd.DataFrame
        `wave, person_id, item, value, raw_value`; the value is missing where a code for missing
        stands, and where the answer cannot be known.
    """
    parts = []
    true = answers.set_index(["wave", "person_id", "item"])["value"]
    for wave, draft in drafts.items():
        lost = draft.planted[draft.planted["rule"].isin(LOSSY_RULES)]
        filled = draft.planted[draft.planted["rule"] == "filled_from_duplicate"]
        for item, header in survey_headers(wave).items():
            people = answers.loc[(answers["wave"] == wave) & (answers["item"] == item), "person_id"]
            raw = draft.cells.loc[list(people), header].copy()
            gaps = filled[filled["column"] == header].set_index("label")["true_value"]
            raw.loc[list(gaps.index)] = list(gaps)
            part = pd.DataFrame({"wave": wave, "person_id": list(people), "item": item})
            part["value"] = [true[wave, person, item] for person in people]
            gone = lost.loc[lost["column"] == header, "label"]
            part.loc[part["person_id"].isin(gone), "value"] = np.nan
            part["raw_value"] = raw.to_numpy()
            parts.append(part[part["raw_value"] != ""])
    return pd.concat(parts, ignore_index=True)
