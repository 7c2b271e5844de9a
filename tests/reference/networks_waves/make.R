# Changes between three waves of one relation among 14 people, counted in R from whole matrices.
#   Rscript make.R      R 4.2.2, sna 2.7.1; writes ties.csv, answered.csv, expected.csv, session.txt
suppressMessages(library(sna))
set.seed(20081)
n <- 14
ids <- sprintf("p%02d", seq_len(n))
team <- rep(c("x", "y", "z"), c(6, 5, 3))
same <- outer(team, team, "==")
draw <- function(prob) { m <- matrix(rbinom(n * n, 1, prob), n); diag(m) <- 0; m }
step <- function(m, stay, form) {
  new <- ifelse(m == 1, rbinom(n * n, 1, stay), rbinom(n * n, 1, form)); diag(new) <- 0; new
}
first <- draw(ifelse(same, .5, .15))
second <- step(first, .75, ifelse(same, .3, .12))
third <- step(second, .7, ifelse(same, .2, .2))
waves <- list(first, second, third)
answered <- matrix(TRUE, n, 3)
answered[c(3, 9), 1] <- FALSE; answered[c(9, 12), 2] <- FALSE; answered[5, 3] <- FALSE
for (w in 1:3) waves[[w]][!answered[, w], ] <- 0

ties <- do.call(rbind, lapply(1:3, function(w) {
  at <- which(waves[[w]] == 1, arr.ind = TRUE)
  data.frame(wave = w, sender_id = ids[at[, 1]], receiver_id = ids[at[, 2]])
}))
write.csv(ties, "ties.csv", row.names = FALSE, quote = FALSE)
write.csv(data.frame(person_id = rep(ids, 3), team_id = rep(team, 3), wave = rep(1:3, each = n),
                     responded = c(answered)), "answered.csv", row.names = FALSE, quote = FALSE)

out <- list()
keep <- function(pair, pairs, measure, a, b) out[[length(out) + 1]] <<-
  data.frame(from_wave = pair[1], wave = pair[2], pairs = pairs, measure = measure,
             numerator = a, denominator = b)
for (pair in list(c(1, 2), c(2, 3), c(1, 3))) {
  x <- waves[[pair[1]]]; y <- waves[[pair[2]]]
  x[!answered[, pair[1]], ] <- NA; y[!answered[, pair[2]], ] <- NA
  diag(x) <- diag(y) <- NA
  risk <- !is.na(x) & !is.na(y)
  moves <- table(factor(x[risk], 0:1), factor(y[risk], 0:1))
  keep(pair, "all", "jaccard", moves[2, 2], sum(moves) - moves[1, 1])
  keep(pair, "all", "hamming", moves[1, 2] + moves[2, 1], sum(moves))
  if (diff(pair) > 1) next
  for (kind in c("all", "within", "between")) {
    of <- switch(kind, all = risk, within = risk & same, between = risk & !same)
    m <- table(factor(x[of], 0:1), factor(y[of], 0:1))
    keep(pair, kind, "formed", m[1, 2], sum(m[1, ])); keep(pair, kind, "kept", m[2, 2], sum(m[2, ]))
    known <- x; known[is.na(known)] <- 0
    paths <- known %*% known
    open <- of & x %in% 0 & paths > 0
    keep(pair, kind, "closed pairs", sum(y[open]), sum(open))
    keep(pair, kind, "closed two-paths", sum((y * paths)[open]), sum(paths[open]))
    rest <- of & x %in% 0 & paths == 0
    keep(pair, kind, "formed without a two-path", sum(y[rest]), sum(rest))
  }
  # x[j, i] is the answer that is possible to a tie from i to j, t(x)[j, i].
  one <- risk & x %in% 0 & t(x) %in% 1
  keep(pair, "all", "answered later", sum(y[one]), sum(one))
  both <- one & !is.na(t(y))
  keep(pair, "all", "became mutual", sum(y[both] * t(y)[both]), sum(both))
  none <- risk & x %in% 0 & t(x) %in% 0
  keep(pair, "all", "formed without a tie", sum(y[none]), sum(none))
}
# Everybody is taken to have answered here: the distance of the matrices as they are.
far <- hdist(simplify2array(waves) |> aperm(c(3, 1, 2)))
for (pair in list(c(1, 2), c(2, 3), c(1, 3)))
  keep(pair, "all", "hdist", far[pair[1], pair[2]], n * (n - 1))
write.csv(do.call(rbind, out), "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("sna", packageVersion("sna"))), "session.txt")
