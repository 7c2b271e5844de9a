# Reference values of measures of whole networks, from sna and igraph in R.
# Run in this folder: Rscript make.R
suppressMessages({
  library(sna)
  library(igraph)
})
set.seed(1994)

random <- function(n, p) {
  g <- matrix(rbinom(n * n, 1, p), n)
  diag(g) <- 0
  g
}
of <- function(n, ...) {
  g <- matrix(0, n, n)
  arcs <- matrix(c(...), ncol = 2, byrow = TRUE)
  g[arcs] <- 1
  g
}
apart <- function(a, b) {
  n <- nrow(a) + nrow(b)
  g <- matrix(0, n, n)
  g[seq_len(nrow(a)), seq_len(nrow(a))] <- a
  g[nrow(a) + seq_len(nrow(b)), nrow(a) + seq_len(nrow(b))] <- b
  g
}
# Arcs from smaller to larger numbers alone: many pairs without a least upper bound.
acyclic <- function(n, p) random(n, p) * upper.tri(matrix(0, n, n))
networks <- list(
  sparse = random(25, 0.05),
  middle = random(41, 0.12),
  dense = random(15, 0.5),
  acyclic = acyclic(20, 0.15),
  wide = acyclic(90, 0.03),
  tree = of(7, 1, 2, 1, 3, 2, 4, 2, 5, 3, 6, 3, 7),
  two_heads = of(5, 1, 3, 2, 3, 1, 4, 2, 4, 5, 1),
  circle = of(4, 1, 2, 2, 3, 3, 4, 4, 1),
  apart = apart(random(8, 0.3), apart(acyclic(9, 0.3), matrix(0, 3, 3))),
  complete = 1 - diag(5),
  two_over_one = of(5, 1, 3, 2, 3, 3, 4, 3, 5)
)
strength <- lapply(networks, function(g) g * sample(1:4, length(g), replace = TRUE))

id <- function(rows) sprintf("p%02d", rows)
ties <- do.call(rbind, lapply(names(networks), function(name) {
  arcs <- which(networks[[name]] == 1, arr.ind = TRUE)
  data.frame(network = name, sender_id = id(arcs[, 1]), receiver_id = id(arcs[, 2]),
             strength = strength[[name]][arcs])
}))
people <- do.call(rbind, lapply(names(networks), function(name) {
  data.frame(network = name, person_id = id(seq_len(nrow(networks[[name]]))))
}))

measures <- function(name) {
  g <- networks[[name]]
  valued <- strength[[name]]
  graph <- graph_from_adjacency_matrix(g)
  dyads <- as.vector(sna::dyad.census(g))
  triads <- as.vector(sna::triad.census(g))
  names(triads) <- paste0("triads_", colnames(sna::triad.census(g)))
  weak <- igraph::components(graph, "weak")$csize
  strong <- igraph::components(graph, "strong")$csize
  out <- sna::degree(g, cmode = "outdegree")
  c(
    density = sna::gden(g),
    valued_density = sna::gden(valued, ignore.eval = FALSE),
    out_degree_mean = mean(out), out_degree_sd = sd(out),
    in_degree_sd = sd(sna::degree(g, cmode = "indegree")),
    out_strength_sd = sd(sna::degree(valued, cmode = "outdegree", ignore.eval = FALSE)),
    in_strength_sd = sd(sna::degree(valued, cmode = "indegree", ignore.eval = FALSE)),
    isolates = length(sna::isolates(g)),
    reciprocity_arcs = unname(sna::grecip(g, measure = "edgewise")),
    reciprocity_dyads = unname(sna::grecip(g, measure = "dyadic.nonnull")),
    symmetry = unname(sna::grecip(g, measure = "dyadic")),
    dyads_mutual = dyads[1], dyads_asymmetric = dyads[2], dyads_null = dyads[3],
    transitivity = sna::gtrans(g, measure = "weak"),
    clustering = igraph::transitivity(graph, type = "global"),
    triads,
    weak_components = length(weak), largest_weak_share = max(weak) / nrow(g),
    strong_components = length(strong), largest_strong_share = max(strong) / nrow(g),
    mean_distance = igraph::mean_distance(graph, directed = TRUE, unconnected = TRUE),
    global_efficiency = igraph::global_efficiency(graph),
    diameter = igraph::diameter(graph, directed = TRUE, unconnected = TRUE),
    krackhardt_connectedness = sna::connectedness(g),
    krackhardt_hierarchy = sna::hierarchy(g, measure = "krackhardt"),
    krackhardt_efficiency = sna::efficiency(g),
    krackhardt_lubness = sna::lubness(g)
  )
}
# igraph's own reciprocities, and networks without directions
igraphs <- function(name) {
  graph <- graph_from_adjacency_matrix(networks[[name]])
  either <- as.undirected(graph, mode = "collapse")
  c(
    igraph_reciprocity_arcs = igraph::reciprocity(graph, mode = "default"),
    igraph_reciprocity_dyads = igraph::reciprocity(graph, mode = "ratio"),
    undirected_density = igraph::edge_density(either),
    undirected_transitivity = igraph::transitivity(either, type = "global"),
    undirected_mean_distance = igraph::mean_distance(either, unconnected = TRUE),
    undirected_global_efficiency = igraph::global_efficiency(either),
    undirected_diameter = igraph::diameter(either, unconnected = TRUE),
    undirected_degree_sd = sd(igraph::degree(either))
  )
}
expected <- do.call(rbind, lapply(names(networks), function(name) {
  values <- c(measures(name), igraphs(name))
  data.frame(network = name, measure = names(values), value = format(unname(values), digits = 15))
}))
write.csv(ties, "ties.csv", row.names = FALSE, quote = FALSE)
write.csv(people, "people.csv", row.names = FALSE, quote = FALSE)
expected$value <- trimws(expected$value)
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(
  R.version.string, paste("sna", packageVersion("sna")), paste("igraph", packageVersion("igraph"))
), "session.txt")
