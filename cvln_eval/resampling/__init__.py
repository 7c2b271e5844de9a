"""One runner for all bootstraps, permutations and simulations."""

from cvln_eval.resampling.chunks import generator
from cvln_eval.resampling.cluster import on_cluster
from cvln_eval.resampling.counting import Counted, clopper_pearson, counted_p, two_sided_p
from cvln_eval.resampling.keeping import ChunkNotKeptWarning, DamagedChunkWarning, keep_chunks
from cvln_eval.resampling.runner import CHUNK, resample
from cvln_eval.resampling.surroundings import CHUNKS, environment

__all__ = [
    "CHUNK",
    "CHUNKS",
    "ChunkNotKeptWarning",
    "Counted",
    "DamagedChunkWarning",
    "clopper_pearson",
    "counted_p",
    "environment",
    "generator",
    "keep_chunks",
    "on_cluster",
    "resample",
    "two_sided_p",
]
