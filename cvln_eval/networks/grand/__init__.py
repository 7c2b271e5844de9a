"""What a report has to say about network data, filled in from the data."""

from cvln_eval.networks.grand.table import MethodsTable, methods_table

__all__ = ["MethodsTable", "methods_table"]
