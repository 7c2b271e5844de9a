"""The methods table: what a panel knows by hand, what authors tell, and what nobody does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import cvln_eval
from cvln_eval.errors import ArgumentError
from cvln_eval.glossary import glossary
from cvln_eval.networks.cohesion import density, isolates
from cvln_eval.networks.grand import methods_table
from cvln_eval.networks.grand.facts import BELOW, NOT_KEPT
from cvln_eval.networks.grand.items import ITEMS
from cvln_eval.networks.panel import network_panel

TOLD = {
    "collected": "an online survey",
    "ethics": "not needed",
    "interval": "one year",
    "location": "two districts",
    "dates": {"1": "fall 2008", "2": "fall 2009"},
    "availability": "on request",
    "citation": "Author (2026)",
    "nodes": "leaders",
    "boundary": "all leaders of two districts.",
    "eligible": "leaders on the roster",
    "degree_limit": "none",
    "question": {"advice": "Whom do you ask?", "trust": "Whom do you trust?"},
    "response_format": "ticking a roster",
    "scale": "how often, 1 to 4",
    "projected": "none",
    "excluded": "nobody",
    "aggregated": "none",
    "missing_ties": "left out",
}


def made(**options):
    """Return a panel: in wave 1 c does not answer; e is on no roster; a names himself.

    Advice in 1: ab 4, ac 2, ba 1 (ae and aa apart); trust in 1: ab; advice in 2: ab 3, dc 0.
    """
    rows = [
        ("1", "advice", "a", "b", 4.0),
        ("1", "advice", "a", "c", 2.0),
        ("1", "advice", "b", "a", 1.0),
        ("1", "advice", "a", "e", 3.0),
        ("1", "advice", "a", "a", 2.0),
        ("1", "trust", "a", "b", 1.0),
        ("2", "advice", "a", "b", 3.0),
        ("2", "advice", "d", "c", 0.0),
    ]
    ties = pd.DataFrame(rows, columns=["wave", "relation", "sender_id", "receiver_id", "strength"])
    memberships = pd.DataFrame(
        {"wave": list("1112222"), "person_id": list("abcabcd"), "team_id": list("xxyxxyy")}
    )
    asked = [("1", "advice"), ("1", "trust"), ("2", "advice")]
    respondents = pd.DataFrame(
        [
            (wave, relation, person, (wave, person) != ("1", "c"))
            for wave, relation in asked
            for person in memberships.loc[memberships["wave"] == wave, "person_id"]
        ],
        columns=["wave", "instrument", "person_id", "responded"],
    )
    return network_panel(ties, memberships, respondents, **options)


def told(found, item, wave="1", relation="advice"):
    table = found.tidy()
    row = table[
        (table["grand_item"] == item) & (table["wave"] == wave) & (table["relation"] == relation)
    ]
    return row.iloc[0]


def test_what_the_panel_knows_by_hand():
    found = methods_table(made())
    assert told(found, "waves", "all", "all")["told"] == (
        "2 waves: advice and trust in wave 1; advice in wave 2"
    )
    expected = {
        "people on the roster": ("3 people", 3),
        "people in the network": ("3 people asked", 3),
        "response rate": ("2 of 3 people (67%)", 2 / 3),
        "answers not known": ("0 people", 0),
        # 4, 2 and 1: mean 7 / 3, SD sqrt(7 / 3).
        "strength": ("valued: 1 to 4, mean 2.33 (SD = 1.53)", 7 / 3),
        "self-nominations": ("1 self-nomination left out", 1),
        "ties": ("3 ties", 3),
        "density": ("0.750 (3 of 4 pairs that could be answered)", 3 / 4),
        "isolates": ("0 isolates among those who answered", 0),
        "outsiders": ("1 nomination across the edge of the network left out", 1),
        "pairs not answered": ("2 of 6 ordered pairs (33%)", 2),
        "rows too weak for a tie": ("0 rows with a strength of 0 or below the threshold", 0),
    }
    for item, (words, value) in expected.items():
        row = told(found, item)
        assert row["told"] == words
        assert row["value"] == pytest.approx(value)
        assert row[["told_by", "reason"]].tolist() == ["panel", ""]
    assert told(found, "direction")["told"] == "directed, from who names to who is named"
    assert told(found, "strength", relation="trust")["told"] == "not valued: each tie is 1"
    assert told(found, "rows too weak for a tie", wave="2")["value"] == 1
    assert told(found, "software", "all", "all")["told"] == f"cvln_eval {cvln_eval.__version__}"


def test_numbers_are_those_of_the_other_rooms():
    panel = made()
    table = methods_table(panel).tidy()
    for name, other in (("density", density), ("isolates", isolates)):
        own = table[table["grand_item"] == name]["value"].tolist()
        values = other(panel).tidy()
        assert own == pytest.approx(values[values["measure"] == name]["value"].tolist())


def test_what_was_made_undirected_and_cut_off():
    either = methods_table(made(threshold=2).symmetrised(rule="either"))
    assert told(either, "symmetrising")["told"] == (
        "a pair is tied where either person named the other"
    )
    assert told(either, "direction")["told"] == "undirected"
    assert told(either, "dichotomising")[["told", "value"]].tolist() == [
        "a tie is a strength of 2 or more",
        2,
    ]
    # b names a with 1.
    assert told(either, "rows too weak for a tie")["value"] == 1
    assert told(either, "one-sided before symmetrising", "all", "all")["told_by"] == "nobody"
    later = methods_table(made().binary(2))
    assert told(later, "rows too weak for a tie")["reason"] == BELOW
    # A row of strength 0 says nothing of those that a later threshold cut off.
    assert told(later, "rows too weak for a tie", wave="2")["reason"] == BELOW
    both = methods_table(made().symmetrised(rule="both"))
    assert "each person named" in told(both, "symmetrising")["told"]
    # ac is claimed by a and c did not answer; the pair is not known, bc is known as none.
    assert told(both, "pairs not answered")["told"] == "1 of 3 pairs (33%)"


def test_what_the_author_tells():
    found = methods_table(made(), **TOLD)
    assert (found.tidy()["told_by"] != "nobody").all()
    assert told(found, "dates", "2", "all")["told"] == "fall 2009"
    assert told(found, "question", "all", "trust")["told"] == "Whom do you trust?"
    assert found.glance().loc[0, ["n_networks", "n_not_told"]].tolist() == [3, 0]


def test_the_paragraph():
    assert methods_table(made(), **TOLD).sentence() == (
        "Data were collected by an online survey. Ethical approval: not needed. The data are 2 "
        "waves: advice and trust in wave 1; advice in wave 2. Time between waves: one year. The "
        "setting was two districts. The data stand for fall 2008 (1); fall 2009 (2). Data "
        "availability: on request. The data are cited as Author (2026). Nodes are leaders. "
        "Networks have 3 to 4 people. The boundary was all leaders of two districts. Eligible to "
        "answer and to be named were leaders on the roster. Response was 2 of 3 people (67%) in "
        "1; 4 of 4 people (100%) in 2. Limits on nominations: none. The question asked: Whom do "
        "you ask? (advice); Whom do you trust? (trust). Answers were given by ticking a roster. "
        "Ties are directed, from who names to who is named. Ties are valued (advice); not valued "
        "(trust). The strength of a tie is how often, 1 to 4. 1 self-nomination was left out. "
        "Networks have 1 to 3 ties. Density over pairs that could be answered is 0.083 to 0.750. "
        "Networks have 0 to 2 isolates among those who answered. Each strength above 0 is a tie "
        "and keeps its value (advice); each strength above 0 is a tie of 1 (trust). Projection: "
        "none. 1 nomination across the edge of a network was left out. Left out besides: nobody. "
        "Nodes or ties put together: none. 4 pairs are not known, because people did not answer. "
        "Missing ties: left out. Measures are by cvln_eval "
        f"{cvln_eval.__version__}."
    )


def test_what_nobody_tells_is_listed():
    found = methods_table(made(), boundary="all leaders")
    lacking = found.tidy()[lambda table: table["told_by"] == "nobody"]
    assert set(lacking["told"]) == {"not told"}
    assert lacking.set_index("grand_item").loc["ethics", "reason"] == "`ethics` tells it"
    assert found.sentence().endswith("projection, exclusions, aggregation and missing ties.]")
    assert "[Not told: collection, ethics, time between waves," in found.sentence()
    partly = methods_table(made(), question={"trust": "Whom do you trust?"})
    assert told(partly, "question", "all", "advice")["told"] == "not told"
    assert "question" in partly.sentence().partition("[Not told")[2]


def test_what_does_not_arise_is_left_out():
    names = set(methods_table(made().only(waves=["1"], relations=["trust"])).tidy()["grand_item"])
    assert not names & {"time between waves", "meaning of strength"}
    assert "one-sided before symmetrising" not in names
    told_all_the_same = methods_table(made(), one_sided="half").tidy()["grand_item"]
    assert "one-sided before symmetrising" in set(told_all_the_same)


def test_one_network_does_not_know_what_was_left_out():
    found = methods_table(made().network(wave="1", relation="advice"))
    for item in ("self-nominations", "outsiders", "people on the roster", "answers not known"):
        assert told(found, item)[["told", "reason"]].tolist() == ["not told", NOT_KEPT]
    assert "The network has 3 ties." in found.sentence()


def test_networks_in_which_little_can_be_said():
    one = made().network(wave="1", relation="advice")
    silent = replace(one.among(["c"]), strength=np.empty(0))
    found = methods_table(silent)
    assert told(found, "density")["reason"] == "nobody answered"
    assert told(found, "isolates")["reason"] == "nobody answered"
    assert told(found, "pairs not answered")["told"] == "0 of 0 ordered pairs"
    assert told(methods_table(one.among([])), "response rate")["reason"] == "there are no people"
    lacking = replace(one, strength=np.array([4.0, np.nan, 2.0]))
    assert told(methods_table(lacking), "strength")["told"] == (
        "valued: 2 to 4, mean 3.00 (SD = 1.41); 1 tie without a strength"
    )
    nameless = methods_table(replace(one, wave=""))
    assert told(nameless, "waves", "all", "all")["told"] == "1 network without a wave"
    assert "Response was 2 of 3 people (67%)." in nameless.sentence()


def test_no_networks():
    found = methods_table(made().only(waves=[]))
    assert found.tidy().empty
    assert found.sentence() == "There are no networks."
    assert found.glance()["reason"].item() == "there are no networks"


def test_items_come_in_the_order_of_the_guidelines_and_columns_are_defined():
    found = methods_table(made())
    table = found.tidy()
    assert table.columns[:2].tolist() == ["wave", "relation"]
    numbers = [float(one.number) for one in ITEMS if one.number]
    assert numbers == sorted(numbers)
    columns = set(table.columns) | set(found.glance().columns)
    assert columns - set(glossary()["column"]) == set()
    assert repr(found) == repr(methods_table(made()))


def test_failures():
    with pytest.raises(ArgumentError, match="no network"):
        methods_table("x")
    with pytest.raises(ArgumentError, match="`boundary` is told in words"):
        methods_table(made(), boundary=" ")
    with pytest.raises(ArgumentError, match=r"`nodes` is told in words[\s\S]*3$"):
        methods_table(made(), nodes=3)
    with pytest.raises(ArgumentError, match=r"`question`[\s\S]*'friends'"):
        methods_table(made(), question={"friends": "Who?"})
    with pytest.raises(ArgumentError, match="`dates` is told in words"):
        methods_table(made(), dates={})
