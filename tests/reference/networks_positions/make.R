# Reference values of networks.positions, from sna and igraph. Run in this folder: Rscript make.R
suppressMessages({library(sna); library(igraph)})
set.seed(2024)
n <- 20
ids <- sprintf("P%02d", 1:n)
team <- rep(c("a", "b", "c", "d"), c(7, 6, 4, 3))

# A directed network with two isolates and some who cannot be reached, valued 1 to 4; one of a ring
# and chords, in which everybody reaches everybody; an undirected one, connected.
sparse <- matrix(rbinom(n * n, 1, ifelse(outer(team, team, "=="), .3, .08)), n)
sparse[c(6, 20), ] <- 0; sparse[, c(6, 20)] <- 0; diag(sparse) <- 0
sparse <- sparse * matrix(sample(4, n * n, TRUE), n)
ring <- matrix(rbinom(n * n, 1, .06), n); diag(ring) <- 0
ring[cbind(1:n, c(2:n, 1))] <- 1
both <- 1 * (ring + t(ring) > 0)
networks <- list(sparse = sparse, ring = ring, both = both)
ties <- do.call(rbind, lapply(names(networks), function(name) {
  m <- networks[[name]]
  if (name == "both") m[lower.tri(m)] <- 0
  at <- which(m > 0, arr.ind = TRUE)
  data.frame(network = name, sender_id = ids[at[, 1]], receiver_id = ids[at[, 2]], strength = m[at])
}))
write.csv(ties, "ties.csv", row.names = FALSE, quote = FALSE)
write.csv(data.frame(person_id = ids, team_id = team), "people.csv", row.names = FALSE, quote = FALSE)

values <- function(network, measure, value) {
  data.frame(network, person_id = ids, measure, value = as.numeric(value))
}
of_one <- function(name) {
  m <- networks[[name]]; b <- 1 * (m > 0)
  directed <- name != "both"
  g <- graph_from_adjacency_matrix(m, if (directed) "directed" else "undirected", weighted = TRUE)
  weak <- graph_from_adjacency_matrix(1 * (b + t(b) > 0), "undirected")
  shared <- rbind(
    values(name, "constraint", igraph::constraint(g)),
    values(name, "k_core", sna::kcores(1 * (b + t(b) > 0), mode = "graph", cmode = "indegree")),
    values(name, "k_component", sapply(1:n, function(i) {
      blocks <- cohesive_blocks(weak)
      max(0, cohesion(blocks)[sapply(blocks(blocks), function(block) i %in% block)])
    }))
  )
  rbind(shared, if (directed) rbind(
    values(name, "out_degree", sna::degree(b, cmode = "outdegree")),
    values(name, "in_degree", sna::degree(b, cmode = "indegree")),
    values(name, "out_strength", rowSums(m)),
    values(name, "in_strength", colSums(m)),
    values(name, "betweenness", sna::betweenness(b, cmode = "directed")),
    values(name, "closeness_out", sna::closeness(b, cmode = "directed")),
    values(name, "closeness_in", sna::closeness(t(b), cmode = "directed")),
    values(name, "harmonic_out", sna::closeness(b, cmode = "suminvdir")),
    values(name, "harmonic_in", sna::closeness(t(b), cmode = "suminvdir"))
  ) else rbind(
    values(name, "degree", sna::degree(b, gmode = "graph")),
    values(name, "betweenness", sna::betweenness(b, gmode = "graph")),
    values(name, "closeness", sna::closeness(b, gmode = "graph")),
    values(name, "harmonic", sna::closeness(b, gmode = "graph", cmode = "suminvundir"))
  ))
}
people <- do.call(rbind, lapply(names(networks), of_one))
write.csv(format(people, digits = 15, trim = TRUE), "expected_people.csv", row.names = FALSE, quote = FALSE)

whole <- function(network, measure, value) data.frame(network, measure, value)
central <- function(name) {
  b <- 1 * (networks[[name]] > 0)
  if (name == "both") return(rbind(
    whole(name, "degree", sna::centralization(b, sna::degree, mode = "graph")),
    whole(name, "betweenness", sna::centralization(b, sna::betweenness, mode = "graph")),
    whole(name, "closeness", sna::centralization(b, sna::closeness, mode = "graph")),
    whole(name, "harmonic", sna::centralization(b, sna::closeness, mode = "graph", cmode = "suminvundir"))
  ))
  rbind(
    whole(name, "out_degree", sna::centralization(b, sna::degree, cmode = "outdegree")),
    whole(name, "in_degree", sna::centralization(b, sna::degree, cmode = "indegree")),
    whole(name, "betweenness", sna::centralization(b, sna::betweenness)),
    whole(name, "closeness_out", sna::centralization(b, sna::closeness)),
    whole(name, "closeness_in", sna::centralization(t(b), sna::closeness)),
    whole(name, "harmonic_out", sna::centralization(b, sna::closeness, cmode = "suminvdir")),
    whole(name, "harmonic_in", sna::centralization(t(b), sna::closeness, cmode = "suminvdir"))
  )
}
write.csv(format(do.call(rbind, lapply(names(networks), central)), digits = 15, trim = TRUE),
  "expected_centralization.csv", row.names = FALSE, quote = FALSE)

# Columns of sna::brokerage: w_I, w_O, b_IO, b_OI, b_O, t
sna_roles <- c("coordinator", "consultant", "representative", "gatekeeper", "liaison", "total")
broker <- do.call(rbind, lapply(c("sparse", "ring", "both"), function(name) {
  found <- sna::brokerage(1 * (networks[[name]] > 0), team)
  rows <- do.call(rbind, lapply(1:6, function(column) data.frame(network = name, person_id = ids,
    measure = sna_roles[column], value = found$raw.nli[, column], expected = found$exp.nli[, column],
    std_error_null = found$sd.nli[, column], z = found$z.nli[, column])))
  rbind(rows, data.frame(network = name, person_id = "all", measure = sna_roles,
    value = found$raw.gli, expected = found$exp.gli, std_error_null = found$sd.gli, z = found$z.gli))
}))
write.csv(format(broker, digits = 15, trim = TRUE), "expected_brokerage.csv", row.names = FALSE, quote = FALSE)
# Core and periphery: the best of all 2^20 divisions, and the best of 40 searches of optim
core <- do.call(rbind, lapply(names(networks), function(name) {
  m <- networks[[name]]; s <- m + t(m); off <- row(m) != col(m)
  N <- n * (n - 1); total <- sum(m); spread <- N * sum(m^2) - total^2
  best <- -1; bits <- 2^(0:(n - 1))
  for (first in seq(0, 2^n - 1, 2^16)) {
    outside <- outer(first + 0:(2^16 - 1), bits, function(x, b) floor(x / b) %% 2)
    size <- rowSums(outside); pairs <- size * (size - 1)
    within <- rowSums((outside %*% s) * outside) / 2
    r <- (total * pairs - N * within) / sqrt(spread * (N - pairs) * pairs)
    best <- max(best, r, na.rm = TRUE)
  }
  lack <- function(c) { x <- outer(c, c)[off]; if (sd(x) == 0) 1 else -cor(x, m[off]) }
  found <- sapply(1:40, function(i) optim(runif(n), lack, method = "L-BFGS-B", lower = 0,
    control = list(maxit = 2000, factr = 10))$value)
  data.frame(network = name, measure = c("discrete", "continuous"), estimate = c(best, -min(found)))
}))
write.csv(format(core, digits = 15, trim = TRUE), "expected_core.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, sapply(c("sna", "igraph", "network"), function(p) paste(p, packageVersion(p)))), "session.txt")
