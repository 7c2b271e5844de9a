# Reads with R the files that the package writes (input/, as tests/networks/exchange/test_against_r.py
# writes them again), and keeps what R finds in them. Run in this folder: Rscript make.R
# RSiena is not used: its functions are replaced by ones that keep what they are given.
suppressMessages(library(network))
dir.create("expected", showWarnings = FALSE)
csv <- function(table, name)
  write.csv(table, file.path("expected", name), row.names = FALSE, quote = FALSE, na = "NA")

# RSiena
kept <- list()
sienaDependent <- function(netarray) netarray
coCovar <- function(val) val
varCovar <- function(val) val
sienaDataCreate <- function(...) list(...)
found <- local({
  setwd("input/siena")
  on.exit(setwd("../.."))
  lines <- readLines("load.R")
  eval(parse(text = lines[!grepl("^(library|print)", lines)]))
  list(advice = advice, team_id = team_id, tenure_years = tenure_years,
       people = read.csv("covariate_tenure_years.csv")[[1]],
       times = strsplit(readLines("composition.txt"), " "))
})
ids <- found$people
cells <- expand.grid(sender_id = ids, receiver_id = ids, wave = 1:3)
csv(cbind(cells[c(3, 1, 2)], code = c(found$advice)), "siena_codes.csv")
csv(data.frame(person_id = ids, team_id = found$team_id, tenure_1 = found$tenure_years[, 1],
               tenure_2 = found$tenure_years[, 2],
               n_times = lengths(found$times)), "siena_people.csv")

# network
networks <- local({
  setwd("input/ergm")
  on.exit(setwd("../.."))
  source("load.R", local = TRUE)
  networks
})
rows <- do.call(rbind, lapply(names(networks), function(name) {
  one <- networks[[name]]
  ends <- as.matrix(one, matrix.type = "adjacency", attrname = "strength")
  where <- which(upper.tri(ends) | lower.tri(ends), arr.ind = TRUE)
  data.frame(network = name, sender_id = network.vertex.names(one)[where[, 1]],
             receiver_id = network.vertex.names(one)[where[, 2]],
             strength = ends[where], missing = is.na(as.sociomatrix(one)[where]))
}))
csv(rows, "network_pairs.csv")
csv(do.call(rbind, lapply(names(networks), function(name) {
  one <- networks[[name]]
  data.frame(network = name, n = network.size(one), n_ties = network.edgecount(one),
             n_missing = network.naedgecount(one), density = network.density(one),
             team = paste(one %v% "team_id", collapse = " "),
             answered = paste(one %v% "answered", collapse = " "))
})), "network_counts.csv")

# igraph
suppressMessages(library(igraph))
edges_of <- function(graph, name, weight) {
  ends <- as_edgelist(graph)
  values <- if (weight %in% edge_attr_names(graph)) edge_attr(graph, weight) else 1
  data.frame(file = name, sender_id = ends[, 1], receiver_id = ends[, 2], strength = values)
}
files <- c("full.dl", "edges.dl", "nodes.dl")
read <- lapply(files, function(name)
  edges_of(read_graph(file.path("input", name), format = "dl", directed = TRUE), name, "weight"))
graph <- read_graph("input/wave2.graphml", format = "graphml")
V(graph)$name <- V(graph)$id
csv(do.call(rbind, c(read, list(edges_of(graph, "wave2.graphml", "strength")))), "igraph_edges.csv")
V(graph)$name <- paste0("p", V(graph)$name)
E(graph)$weight <- E(graph)$strength
write_graph(graph, "expected/igraph.graphml", format = "graphml")
writeLines(c(R.version.string, paste("network", packageVersion("network")),
             paste("igraph", packageVersion("igraph"))), "session.txt")
