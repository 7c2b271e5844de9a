"""One task in one process; the last line says its seconds and its peak memory in megabytes."""

import json
import resource
import sys
import time
from pathlib import Path


def clean(folder: Path) -> None:
    from cvln_eval import open_study
    from cvln_eval.clean import clean_study, write_cleaned

    study = open_study(folder)
    write_cleaned(study, clean_study(study))


def plain(folder: Path) -> None:
    from plain_pandas import recode

    recode(folder)


def evaluate(folder: Path) -> None:
    from cvln_eval import open_study
    from cvln_eval.report import run_study

    run_study(open_study(folder))


def main() -> None:
    """Run the named task and print what it took."""
    import pandas  # noqa: F401  # both scripts need it, so its import is no part of either

    task = {"clean": clean, "plain": plain, "evaluate": evaluate}[sys.argv[1]]
    start = time.perf_counter()
    task(Path(sys.argv[2]))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 2**20 if sys.platform == "darwin" else 2**10
    print(json.dumps({"seconds": seconds, "megabytes": peak / unit}))


if __name__ == "__main__":
    main()
