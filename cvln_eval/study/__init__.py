"""A study: its definition, codebook, schemas, ledger and tidy tables."""

from cvln_eval.study.codebook import Codebook, Column, Item, Label, Link, normalised_label
from cvln_eval.study.definition import Definition, RawFile, RemoteFile, Teams, Wave
from cvln_eval.study.ledger import Ledger, ledger_rules
from cvln_eval.study.study import Study, open_study

__all__ = [
    "Codebook",
    "Column",
    "Definition",
    "Item",
    "Label",
    "Ledger",
    "Link",
    "RawFile",
    "RemoteFile",
    "Study",
    "Teams",
    "Wave",
    "ledger_rules",
    "normalised_label",
    "open_study",
]
