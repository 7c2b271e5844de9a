"""Small results of inference with all that can go wrong in them, and their figures."""

from functools import cache

import numpy as np
import pandas as pd

from cvln_eval import exhibits
from cvln_eval.inference.change import (
    change_by_status,
    change_by_team,
    decompose_change,
    paired_change,
)
from cvln_eval.inference.dose import dose_response
from cvln_eval.inference.missing import delta_shift, impute
from cvln_eval.inference.panel import few_cluster_panel, simulated_size
from cvln_eval.inference.planning import Plan, minimum_detectable_change, power
from cvln_eval.inference.timing import time_to_completion

SIZES = (7, 7, 8, 8, 11)
PLAN = Plan(n_clusters=5, cluster_size=8, icc=0.1, share_treated=0.4)


def districts(effect=0.0, *, treated=2, sizes=SIZES):
    """Return changes of people in districts, of which the first are treated."""
    rng = np.random.default_rng(8)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    noise = 0.3 * rng.normal(size=len(sizes))[codes] + rng.normal(size=len(codes))
    return pd.DataFrame(
        {
            "team_id": [f"district {'ABCDEFGH'[code]}" for code in codes],
            "treated": (codes < treated).astype(int),
            "change": effect * (codes < treated) + noise,
        }
    )


def coached(sizes=SIZES):
    """Return districts with hours of coaching, which differ within districts and between them."""
    rng = np.random.default_rng(9)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    hours = np.round(rng.gamma(3, 4, len(codes)) + 2 * codes, 1)
    noise = 0.2 * rng.normal(size=len(sizes))[codes] + 0.6 * rng.normal(size=len(codes))
    names = [f"district {chr(ord('A') + code)}" for code in codes]
    return pd.DataFrame({"team_id": names, "hours": hours, "change": 0.04 * hours + noise})


def dose(table):
    return dose_response(table, outcome="change", dose="hours", n_draws=99, n_simulated=50)


def panel(table, formula="change ~ treated", term="treated"):
    return few_cluster_panel(table, formula=formula, term=term, n_draws=199, n_simulated=100)


def team_scores():
    """Return two scales of three teams at two waves: C has one person, and one of B left."""
    rng = np.random.default_rng(4)
    people = pd.DataFrame(
        {"person_id": [f"p{at}" for at in range(9)], "team_id": list("AAAABBBBC")}
    )
    scales = pd.DataFrame({"scale": ["trust", "voice"]})
    rows = people.merge(scales, how="cross").merge(
        pd.DataFrame({"wave": ["y1", "y2"]}), how="cross"
    )
    rows["score"] = np.round(3 + 0.4 * (rows["wave"] == "y2") + 0.5 * rng.normal(size=len(rows)), 2)
    return rows[(rows["person_id"] != "p7") | (rows["wave"] == "y1")].reset_index(drop=True)


def rosters():
    """Return two waves: a to f stayed, g and h left, i and j joined, in three teams."""
    first = pd.DataFrame({"person_id": list("abcdefgh"), "wave": "y1", "team_id": list("AABBCCAB")})
    last = pd.DataFrame({"person_id": list("abcdefij"), "wave": "y2", "team_id": list("AABBCCAB")})
    return pd.concat([first, last], ignore_index=True)


def roster_scores():
    """Return scores: e answered first only, f last only, g never; j is the one who joined high."""
    first = {"a": 3.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 2.0, "h": 2.0}
    last = {"a": 4.0, "b": 3.0, "c": 3.0, "d": 4.0, "f": 3.0, "i": 4.0, "j": 5.0}
    rows = [(who, "y1", score) for who, score in first.items()]
    rows += [(who, "y2", score) for who, score in last.items()]
    return pd.DataFrame(rows, columns=["person_id", "wave", "score"])


def turned(rows):
    """Return the same rows from last to first, of people with other names."""
    names = {f"p{at}": f"q{9 - at}" for at in range(9)}
    return rows.iloc[::-1].assign(person_id=rows["person_id"].map(names))


def milestones():
    """Return milestones of two groups; of those of pairs more than half are still open."""
    alone = [(10.0, True), (20.0, True), (25.0, False), (40.0, True), (50.0, False)]
    pair = [(15.0, True), (30.0, False), (30.0, False), (60.0, False)]
    rows = [("alone", *row) for row in alone] + [("pair", *row) for row in pair]
    found = pd.DataFrame(rows, columns=["planned_by", "days", "reached"])
    return found.assign(reason="", cluster_id=list("abcdeabcd"))


def mean_of(completed):
    """Return the mean as what is pooled."""
    change = completed["change"]
    row = {"term": "mean change", "estimate": change.mean(), "std_error": change.sem()}
    return pd.DataFrame([row])


def shifted(deltas):
    """Return the mean of changes, of which a third are missing, with the imputed ones shifted."""
    table = districts().drop(columns="treated").assign(person_id=range(41))
    table["change"] = (table["change"] + 1).where(table.index % 3 > 0)
    many = impute(table, columns=["change"], wave=None, n_imputations=5)
    return delta_shift(many, analyse=mean_of, term="mean change", columns=["change"], deltas=deltas)


def calibrated():
    """Return a table of calibration: two designs, one method that one of them does not allow."""
    columns = ["design", "method", "size", "size_mc_error", "n_draws", "reason"]
    rows = [
        ("few treated", "clustered z test", 0.48, 0.011, 2000, ""),
        ("balanced", "clustered z test", 0.12, 0.007, 2000, ""),
        ("few treated", "t test of cluster means", 0.05, 0.005, 2000, ""),
        ("balanced", "t test of cluster means", 0.052, 0.005, 2000, ""),
        ("few treated", "CR2 with Satterthwaite df", None, None, 2000, "one cluster alone"),
        ("balanced", "CR2 with Satterthwaite df", 0.04, 0.004, 2000, ""),
        ("balanced", "t test of cluster slopes", None, None, 2000, "no slope"),
    ]
    return pd.DataFrame(rows, columns=columns)


@cache
def inference_results():
    return {
        "panel": panel(districts()),
        "panel_two": panel(districts(sizes=(7, 7), treated=1)),
        "change": paired_change(team_scores(), waves=("y1", "y2")),
        "size": simulated_size(
            districts(), formula="change ~ treated", term="treated", n_simulated=100
        ),
        "completion": time_to_completion(milestones(), by="planned_by", n_draws=100),
        "open": time_to_completion(milestones().assign(reached=False), n_draws=100),
        "power": power(PLAN, effect=[0.0, 0.5, 1.0, 2.0], n_clusters=[5, 12], n_simulated=100),
        "least": minimum_detectable_change(PLAN, n_simulated=100),
        "status": change_by_status(roster_scores(), memberships=rosters(), waves=["y1", "y2"]),
        "parts": decompose_change(roster_scores(), memberships=rosters(), waves=["y1", "y2"]),
        "delta": shifted([-2.0, -1.0, -0.5, 0.5]),
        "dose": dose(coached()),
        "dose_many": dose(coached(sizes=(4,) * 12)),
        "dose_alike": dose(coached().assign(hours=6.0)),
        "by_team": change_by_team(team_scores(), waves=("y1", "y2")),
    }


def inference_figures(study):
    r = inference_results()
    common = {"number": "1.1", "study": study}
    narrow = {"width": "single", **common}
    return {
        "panel": exhibits.plot_few_cluster_panel(r["panel"], **common),
        "panel_single": exhibits.plot_few_cluster_panel(r["panel"], **narrow),
        "panel_middle": exhibits.plot_few_cluster_panel(
            r["panel"], width="one_and_a_half", **common
        ),
        "dumbbells": exhibits.plot_change_dumbbells(r["change"], **common),
        "dumbbells_single": exhibits.plot_change_dumbbells(r["change"], **narrow),
        "dumbbells_teams": exhibits.plot_change_dumbbells(
            {"Cohort 1": r["by_team"], "Cohort 2": r["change"]}, **common
        ),
        "size": exhibits.plot_size(r["size"], **common),
        "size_designs": exhibits.plot_size(calibrated(), **narrow),
        "completion": exhibits.plot_time_to_completion(r["completion"], **common),
        "completion_single": exhibits.plot_time_to_completion(r["completion"], **narrow),
        "completion_open": exhibits.plot_time_to_completion(r["open"], **narrow),
        "power": exhibits.plot_power(r["power"], least=r["least"], **common),
        "power_double": exhibits.plot_power(r["power"], width="double", **common),
        "status": exhibits.plot_change_by_status(r["status"], r["parts"], **common),
        "status_single": exhibits.plot_change_by_status(r["status"], r["parts"], **narrow),
        "left_out": exhibits.plot_leave_one_out(r["panel"], **common),
        "left_out_double": exhibits.plot_leave_one_out(r["panel"], width="double", **common),
        "delta": exhibits.plot_delta_shift(r["delta"], **common),
        "slopes": exhibits.plot_paired_slopes(r["by_team"], team_scores(), scale="trust", **common),
        "slopes_single": exhibits.plot_paired_slopes(
            r["by_team"], team_scores(), scale="voice", **narrow
        ),
        "dose_lines": exhibits.plot_dose_response(r["dose"], **common),
        "dose_lines_single": exhibits.plot_dose_response(r["dose"], **narrow),
        "dose_lines_many": exhibits.plot_dose_response(r["dose_many"], **narrow),
        "dose_lines_alike": exhibits.plot_dose_response(r["dose_alike"], **narrow),
        "panel_two": exhibits.plot_few_cluster_panel(r["panel_two"], **common),
    }
