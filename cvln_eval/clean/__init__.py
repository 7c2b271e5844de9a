"""Raw tables to tidy tables, with every row and every cell accounted for."""

from cvln_eval.clean.pipeline import Cleaned, clean_study
from cvln_eval.clean.write import write_cleaned

__all__ = ["Cleaned", "clean_study", "write_cleaned"]
