"""The command line: arguments, messages and exit codes, and nothing else."""

from cvln_eval.cli.commands import app, main

__all__ = ["app", "main"]
