# Seconds that sna and igraph take for the measures of a network, each with those that it has; writes
# the values beside the ties. The large network is measured by igraph alone, as are triads, for which
# sna takes minutes.
suppressMessages({
  library(sna)
  library(igraph)
})
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
small <- arguments[2] == "small"
ties <- read.csv(file.path(folder, "ties.csv"))
n <- ties$n[1]
graph <- graph_from_edgelist(cbind(ties$sender, ties$receiver) + 1)
values <- list()
seconds <- list()
seconds$igraph <- system.time({
  weak <- igraph::components(graph, "weak")$csize
  strong <- igraph::components(graph, "strong")$csize
  values$density <- igraph::edge_density(graph)
  values$reciprocity_arcs <- igraph::reciprocity(graph)
  values$reciprocity_dyads <- igraph::reciprocity(graph, mode = "ratio")
  values$clustering <- igraph::transitivity(graph, type = "global")
  values$dyads_mutual <- igraph::dyad_census(graph)$mut
  values$weak_components <- length(weak)
  values$strong_components <- length(strong)
  invisible(table(igraph::degree(graph, mode = "in")))
  if (small) {
    values$mean_distance <- igraph::mean_distance(graph)
    values$global_efficiency <- igraph::global_efficiency(graph)
    values$diameter <- igraph::diameter(graph)
    triads <- igraph::triad_census(graph)
  }
})[["elapsed"]]
if (small) {
  g <- matrix(0, n, n)
  g[cbind(ties$sender, ties$receiver) + 1] <- 1
  seconds$sna <- system.time({
    values$symmetry <- unname(sna::grecip(g))
    values$transitivity <- sna::gtrans(g)
    values$isolates <- length(sna::isolates(g))
    values$krackhardt_connectedness <- sna::connectedness(g)
    values$krackhardt_hierarchy <- sna::hierarchy(g, measure = "krackhardt")
    values$krackhardt_efficiency <- sna::efficiency(g)
    invisible(sna::gden(g))
    invisible(sna::dyad.census(g))
    invisible(sna::degree(g, cmode = "indegree"))
    invisible(sna::geodist(g))
  })[["elapsed"]]
  names <- colnames(sna::triad.census(matrix(0, 3, 3)))
  values <- c(values, setNames(as.list(triads), paste0("triads_", names)))
}
table <- data.frame(measure = names(values), value = format(unlist(values), digits = 15))
write.csv(table, file.path(folder, "r.csv"), row.names = FALSE, quote = FALSE)
cat("{", paste(sprintf('"%s": %.3f', names(seconds), unlist(seconds)), collapse = ", "), "}\n")
