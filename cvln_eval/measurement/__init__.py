"""Whether an instrument measures: scales, structure, agreement within teams, raters, themes.

Each function takes a table and returns a result; none knows a file or an axis.
"""

from cvln_eval.measurement.answers import answer_table, response_range, scale_items

__all__ = ["answer_table", "response_range", "scale_items"]
