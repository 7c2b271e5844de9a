"""Every column that the room returns is in the glossary."""

from cvln_eval.glossary import glossary
from cvln_eval.inference.timing import (
    compare_completion,
    hours_saved,
    milestone_times,
    on_time_share,
    time_to_completion,
)


def test_every_column_is_defined(bundled):
    made = milestone_times(bundled, until="until")
    times = made.tidy()
    lasting = time_to_completion(times, n_draws=20)
    compared = compare_completion(times, n_draws=20)
    punctual, hours = on_time_share(times), hours_saved(times, n_draws=20)
    results = (made, lasting, compared, punctual, hours)
    frames = [part for one in results for part in (one.tidy(), one.glance())]
    # `started_on` and `until` are columns of the study's own.
    frames += [lasting.curve(), lasting.at_risk([0]), punctual.summary(), hours.summary()]
    columns = {str(name) for frame in frames for name in frame.columns} - {"started_on", "until"}
    assert columns - set(glossary()["column"]) == set()
    assert {"planned_by", "n_at_risk", "share_open", "tau_days", "smallest_p"} <= columns


def test_no_printed_form_has_a_clock_or_changes(bundled):
    times = milestone_times(bundled, until="until").tidy().iloc[::4]
    for make in (
        lambda: time_to_completion(times, n_draws=20),
        lambda: compare_completion(times, n_draws=20),
        lambda: hours_saved(times, n_draws=20),
        lambda: on_time_share(times),
    ):
        assert repr(make()) == repr(make())
        assert make()._repr_html_() == make()._repr_html_()
