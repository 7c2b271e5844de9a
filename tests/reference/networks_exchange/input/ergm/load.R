# Simulated data.
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

networks <- list(
  "advice 1" = network_of("1", "advice", directed = TRUE),
  "advice 2" = network_of("2", "advice", directed = TRUE),
  "advice 3" = network_of("3", "advice", directed = TRUE)
)
