# Expected values of sna for tests/networks/dyads. Rscript make.R, in this folder.
suppressMessages(library(sna))
set.seed(41)
n <- 18
team <- rep(1:5, c(2, 3, 4, 4, 5))
tenure <- round(rexp(n, 1 / 6), 1)
before <- matrix(rbinom(n * n, 1, 0.15) * sample(1:4, n * n, TRUE), n)
same <- outer(team, team, "==") * 1
apart <- abs(outer(tenure, tenure, "-"))
sends <- rnorm(n, 0, 0.7)
logit <- -2 + 1.2 * same + 0.4 * before - 0.03 * apart + sends
now <- matrix(rbinom(n * n, 1, plogis(logit)) * sample(1:4, n * n, TRUE), n)
diag(now) <- diag(before) <- 0
cells <- expand.grid(receiver = 1:n, sender = 1:n)
cells <- cells[cells$sender != cells$receiver, ]
at <- cbind(cells$sender, cells$receiver)
write.csv(data.frame(sender = cells$sender, receiver = cells$receiver, now = now[at], before = before[at],
  same = same[at], apart = apart[at]), "cells.csv", row.names = FALSE)
x <- array(0, c(3, n, n)); x[1, , ] <- before; x[2, , ] <- same; x[3, , ] <- apart
names <- c("intercept", "before", "same", "apart")
either <- function(m) pmax(m, t(m))
xu <- x; xu[1, , ] <- either(before)
rows <- list()
add <- function(model, fit, estimate, statistic, p) {
  rows[[length(rows) + 1]] <<- data.frame(model, term = names, estimate, statistic, p_value = p)
}
reps <- 10000
f <- netlm(now, x, nullhyp = "qapspp", test.statistic = "t-value", reps = reps)
add("dsp", f, f$coefficients, f$tstat, f$pgreqabs)
f <- netlm(now, x, nullhyp = "qapy", test.statistic = "t-value", reps = reps)
add("y", f, f$coefficients, f$tstat, f$pgreqabs)
f <- netlm(either(now), xu, mode = "graph", nullhyp = "qapspp", reps = reps)
add("undirected", f, f$coefficients, f$tstat, f$pgreqabs)
f <- netlogit((now > 0) * 1, x, nullhyp = "qapspp", reps = 2000)
add("logistic", f, f$coefficients, f$tstat, f$pgreqabs)
silent <- now; silent[c(3, 11), ] <- NA
f <- suppressWarnings(netlm(silent, x, nullhyp = "classical"))
add("silent", f, f$coefficients, f$tstat, NA)
write.csv(do.call(rbind, rows), "regressions.csv", row.names = FALSE)
lm1 <- summary(lm(now[at] ~ before[at] + same[at] + apart[at]))
g1 <- glm((now[at] > 0) ~ before[at] + same[at] + apart[at], family = binomial)
pairs <- list(now_before = list(now, before), now_same = list(now, same), now_apart = list(now, apart))
q <- lapply(pairs, function(p) qaptest(list(p[[1]], p[[2]]), gcor, g1 = 1, g2 = 2, reps = 5000))
r <- sapply(q, function(one) one$testval)
p <- sapply(q, function(one) mean(abs(one$dist) >= abs(one$testval)))
write.csv(data.frame(pair = names(pairs), r = r, p_value = p), "correlations.csv", row.names = FALSE)
write.csv(data.frame(quantity = c("r_squared", "r_squared_adjusted", "log_likelihood"),
  value = c(lm1$r.squared, lm1$adj.r.squared, as.numeric(logLik(g1)))), "fits.csv", row.names = FALSE)
writeLines(c(R.version.string, paste("sna", packageVersion("sna"))), "session.txt")
