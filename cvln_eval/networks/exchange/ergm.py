"""Networks for R's network and ergm: ties, people, pairs that are not known, and a script."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from cvln_eval.networks.exchange.edge_lists import write_edge_list
from cvln_eval.networks.exchange.files import SIMULATED, write_text
from cvln_eval.networks.exchange.making import some_networks
from cvln_eval.networks.exchange.r_text import r_text
from cvln_eval.networks.panel import Network, NetworkPanel

__all__ = ["write_ergm"]

HEAD = """\
# Run it in the folder of this file. `networks` has one network a wave and relation; pairs of which
# it is not known if they are tied are edges with the attribute na, which ergm takes for missing.
library(network)

read <- function(file) {
  ids <- c("wave", "relation", "person_id", "sender_id", "receiver_id")
  first <- read.csv(file, nrows = 1, check.names = FALSE)
  as_text <- setNames(rep("character", length(ids)), ids)
  read.csv(file, check.names = FALSE, na.strings = "", encoding = "UTF-8",
           colClasses = as_text[intersect(ids, names(first))])
}
ties <- read("ties.csv")
people <- read("people.csv")
not_known <- read("not_known.csv")

network_of <- function(wave, relation, directed) {
  of <- function(table) table[table$wave == wave & table$relation == relation, ]
  own <- of(people)
  found <- network.initialize(nrow(own), directed = directed)
  add <- function(rows, name, values) {
    ends <- lapply(rows[c("sender_id", "receiver_id")], match, own$person_id)
    if (nrow(rows) > 0)
      found <<- add.edges(found, ends[[1]], ends[[2]], vals.eval = lapply(values, list),
                          names.eval = rep(list(list(name)), nrow(rows)))
  }
  for (name in setdiff(names(own), c("wave", "relation", "person_id")))
    set.vertex.attribute(found, name, own[[name]])
  network.vertex.names(found) <- own$person_id
  add(of(ties), "strength", of(ties)$strength)
  add(of(not_known), "na", rep(TRUE, nrow(of(not_known))))
  found
}
"""


def write_ergm(
    panel: NetworkPanel | Network, folder: Path | str, *, simulated: bool = False
) -> list[Path]:
    """Write networks for R's network and ergm, with an R script that makes them.

    Parameters
    ----------
    panel : NetworkPanel or Network
        Networks of any waves and relations.
    folder : Path
        Made if it is not there.
    simulated : bool
        Whether the data are simulated; script and tables then say so.

    Returns
    -------
    list of Path
        `ties.csv` and `people.csv` as `write_edge_list` writes them, `not_known.csv` (one row a
        pair of which it is not known if it is tied, of an undirected network once) and `load.R`,
        which makes `networks`, a list with a network for each wave and relation: people's
        attributes are vertex attributes, strengths the edge attribute "strength".

    Raises
    ------
    ArgumentError
        If there is no network, or an id has a control character or a blank at its end.

    References
    ----------
    Handcock, M. S., & Gile, K. J. (2010). Modeling social networks from sampled data. Annals of
    Applied Statistics, 4(1), 5-25.

    Butts, C. T. (2008). network: A package for managing relational data in R. Journal of
    Statistical Software, 24(2).
    """
    networks = some_networks(panel)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = write_edge_list(
        panel, folder / "ties.csv", people_path=folder / "people.csv", simulated=simulated
    )
    table = pd.concat([_not_known(network) for network in networks])
    marked = table.assign(simulated=True) if simulated else table
    marked.to_csv(folder / "not_known.csv", index=False, encoding="utf-8", lineterminator="\n")
    mark = f"# {SIMULATED.capitalize()}.\n" if simulated else ""
    calls = ",\n".join(_call(network) for network in networks)
    script = write_text(folder / "load.R", f"{mark}{HEAD}\nnetworks <- list(\n{calls}\n)\n")
    return [*written, folder / "not_known.csv", script]


def _not_known(network: Network) -> pd.DataFrame:
    """Return pairs that are not known; each has an end without an answer or was claimed by one."""
    silent = np.flatnonzero(~network.answered)
    first, second = (place.ravel() for place in np.indices((len(silent), network.n)))
    ends = np.array([silent[first], second])
    if not network.directed:
        ends = np.unique(np.sort(ends, axis=0), axis=1)
    ends = ends[:, (ends[0] != ends[1]) & ~network.known(*ends)]
    named = {"sender_id": network.ids[ends[0]], "receiver_id": network.ids[ends[1]]}
    return pd.DataFrame({"wave": network.wave, "relation": network.relation, **named})


def _call(network: Network) -> str:
    wave, relation = r_text(network.wave), r_text(network.relation)
    label = r_text(f"{network.relation} {network.wave}".strip())
    directed = "TRUE" if network.directed else "FALSE"
    return f"  {label} = network_of({wave}, {relation}, directed = {directed})"
