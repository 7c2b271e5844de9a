# Writes people.csv, ties.csv (41 people of five unequal teams, simulated) and expected.csv.
# Run in this folder: Rscript make.R
suppressMessages({library(network); library(sna); library(igraph)})
set.seed(41)
sizes <- c(A = 4, B = 7, C = 8, D = 9, E = 13)
people <- data.frame(person_id = sprintf("p%02d", 1:41), team_id = rep(names(sizes), sizes),
                     tenure_years = round(rgamma(41, 3, 0.3), 1))
same <- outer(people$team_id, people$team_id, "==")
near <- exp(-abs(outer(people$tenure_years, people$tenure_years, "-")) / 8)
tied <- matrix(runif(41^2), 41) < (0.03 + 0.3 * same) * (0.5 + near)
diag(tied) <- FALSE
a <- 1 * tied
dimnames(a) <- list(people$person_id, people$person_id)
ends <- which(tied, arr.ind = TRUE)
ends <- ends[order(ends[, 1], ends[, 2]), ]
ties <- data.frame(sender_id = people$person_id[ends[, 1]], receiver_id = people$person_id[ends[, 2]])
write.csv(people, "people.csv", row.names = FALSE)
write.csv(ties, "ties.csv", row.names = FALSE)

rows <- NULL
add <- function(kind, measure, group, other, value)
  rows <<- rbind(rows, data.frame(kind, measure, group, other_group = other, value))
code <- match(people$team_id, names(sizes))
for (kind in c("directed", "undirected")) {
  directed <- kind == "directed"
  m <- if (directed) a else pmax(a, t(a))
  net <- network(m, directed = directed)
  net %v% "team" <- people$team_id
  mixed <- unclass(mixingmatrix(net, "team"))
  dense <- blockmodel(m, code, block.content = "density",
                      mode = if (directed) "digraph" else "graph")$block.model
  for (i in 1:5) for (j in 1:5) {
    add(kind, "n_ties", names(sizes)[i], names(sizes)[j], mixed[names(sizes)[i], names(sizes)[j]])
    add(kind, "density", names(sizes)[i], names(sizes)[j], dense[i, j])
  }
  g <- graph_from_adjacency_matrix(m, mode = if (directed) "directed" else "undirected")
  add(kind, "nominal assortativity", "all", "all", assortativity_nominal(g, code, directed))
  add(kind, "numeric assortativity", "all", "all",
      assortativity(g, people$tenure_years, directed = directed))
  cross <- crossing(make_clusters(g, code), g)
  add(kind, "E-I index", "all", "all", (sum(cross) - sum(!cross)) / length(cross))
  for (one in 1:5) {
    ends <- ends(g, E(g), names = FALSE)
    inside <- code[ends[, 1]] == one
    into <- code[ends[, 2]] == one
    external <- sum(xor(inside, into)); internal <- sum(inside) + sum(into) - external
    add(kind, "E-I index", names(sizes)[one], names(sizes)[one],
        (external - internal) / (external + internal))
  }
}
write.csv(rows, "expected.csv", row.names = FALSE)
writeLines(c(R.version.string, sapply(c("network", "sna", "igraph"),
           function(p) paste(p, packageVersion(p)))), "session.txt")
