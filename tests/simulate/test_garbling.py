import numpy as np
import pytest

from cvln_eval.errors import ArgumentError
from cvln_eval.simulate.cvln_people import COACH_NAMES, LEADER_NAMES, NETWORK_COACH, OUTSIDERS
from cvln_eval.simulate.garbling import dated, last_letter_twice, other_case, padded, typo

NAMES = (*LEADER_NAMES, *COACH_NAMES, NETWORK_COACH, *OUTSIDERS)


@pytest.mark.parametrize("name", NAMES)
def test_a_typing_error_makes_another_name_that_nobody_else_bears(name):
    for seed in range(5):
        wrong = typo(name, rng=np.random.default_rng(seed))
        assert wrong not in NAMES
        assert sorted(set(wrong.casefold())) == sorted(set(name.casefold()))
        assert wrong != last_letter_twice(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_can_be_written_in_the_encoding_of_old_spreadsheets(name):
    assert name.encode("cp1252").decode("cp1252") == name


def test_no_two_invented_people_share_a_name_by_accident():
    assert len({name.casefold() for name in NAMES}) == len(NAMES)


def test_another_case_is_another_text():
    rng = np.random.default_rng(1)
    assert {other_case("Agree", rng=rng) for _ in range(20)} == {"AGREE", "agree"}
    assert other_case("agree", rng=rng) == "AGREE"


def test_padding_adds_blanks_only():
    rng = np.random.default_rng(1)
    made = {padded("Agree", rng=rng) for _ in range(30)}
    assert made == {" Agree", "Agree ", " Agree "}


def test_an_unknown_style_of_dates_is_refused():
    from datetime import date

    with pytest.raises(ArgumentError, match="julian"):
        dated(date(2009, 1, 2), style="julian")
