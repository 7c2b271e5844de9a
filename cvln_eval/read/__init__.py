"""Raw files as received: text cells with the file and the row they stand in."""

from cvln_eval.read.fetch import fetch_study
from cvln_eval.read.header import header_key
from cvln_eval.read.raw import RawTable, read_raw
from cvln_eval.read.workbook import filled_sheets

__all__ = ["RawTable", "fetch_study", "filled_sheets", "header_key", "read_raw"]
