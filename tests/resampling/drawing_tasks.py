"""Tasks that other processes can import, as those of the package are; each tells what it draws."""

import os
import time
from pathlib import Path

from cvln_eval.resampling import resample


def means(size, stream, values):
    return stream.choice(values, (size, 20)).mean(axis=1)


def nested(size, stream, values):
    return resample(means, size, arrays=(values,), rng=stream, chunk=10)


def fails(size, stream, values):
    raise ZeroDivisionError("seven")


def fails_late(size, stream, values, after):
    if place(stream) >= after:
        raise KeyboardInterrupt
    return means(size, stream, values)


def noted(size, stream, values, log):
    """Draw, and write which chunk it was to a file that several processes may share."""
    drawn = means(size, stream, values)
    with Path(log).open("a", encoding="utf-8") as file:
        file.write(f"{place(stream)}\n")
    return drawn


def slow(size, stream, values, log):
    time.sleep(0.05)
    return noted(size, stream, values, log)


def dies_once(size, stream, values, flag):
    """End the process that draws chunk 3 the first time it is drawn."""
    if place(stream) == 3 and not Path(flag).exists():
        Path(flag).touch()
        os._exit(1)
    return means(size, stream, values)


def threads(size, stream):
    from threadpoolctl import threadpool_info

    most = max(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
    return [most] * size


def too_few(size, stream):
    return stream.normal(size=size - 1)


def objects(size, stream):
    import numpy as np

    return np.array([{"a": 1}] * size, dtype=object)


def place(stream):
    return stream.bit_generator.seed_seq.spawn_key[-1]
