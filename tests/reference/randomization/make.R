# Reference values of randomization tests, from combn, t.test and lm in R.
# Run in this folder: Rscript make.R
suppressMessages(library(sandwich))
set.seed(20112)

# Eight clusters of 2 to 6 rows in two strata (and four pairs), four treated; a dose; a control.
team_id <- rep(LETTERS[1:8], c(2, 3, 4, 5, 6, 3, 4, 2))
of <- function(values) values[match(team_id, LETTERS[1:8])]
rows <- data.frame(
  team_id,
  treated = of(c(1, 0, 0, 1, 1, 0, 0, 1)),
  three = of(c(1, 0, 1, 0, 1, 0, 0, 0)),
  stratum = of(c("x", "x", "x", "x", "x", "y", "y", "y")),
  pair = of(c("p", "p", "q", "q", "r", "r", "s", "s")),
  visits = of(c(8, 3, 5, 9.5, 12, 4, 2, 7)),
  before = round(rnorm(length(team_id), 3.5, 0.6), 2)
)
rows$change <- round(
  0.4 * rows$treated + 0.5 * rows$before + of(rnorm(8, 0, 0.3)) + rnorm(nrow(rows), 0, 0.5), 2
)
write.csv(rows, "rows.csv", row.names = FALSE, quote = FALSE)

first <- !duplicated(rows$team_id)
d <- rows$treated[first]; dose <- rows$visits[first]; pair <- rows$pair[first]
stratum <- rows$stratum[first]
y <- tapply(rows$change, rows$team_id, mean)
all_of <- function(treated) lapply(treated, function(on) as.numeric(seq_along(d) %in% on))
share <- function(assigned, statistic, observed) {
  found <- vapply(assigned, statistic, 0)
  mean(abs(found) >= abs(observed) - 1e-9)
}
welch <- function(outcome) function(a) unname(t.test(outcome[a == 1], outcome[a == 0])$statistic)
slope <- function(outcome) function(a) mean(outcome[a == 1]) - mean(outcome[a == 0])
complete <- all_of(combn(8, 4, simplify = FALSE))
three <- rows$three[first]
of_eight <- all_of(combn(8, 3, simplify = FALSE))
within <- Filter(function(a) sum(a[stratum == "x"]) == sum(d[stratum == "x"]), complete)
paired <- Filter(function(a) all(tapply(a, pair, sum) == 1), complete)
# lm with strata and HC2, cluster means as cases
hc2 <- function(outcome) function(a) {
  fit <- lm(outcome ~ a + stratum)
  unname(coef(fit)["a"] / sqrt(vcovHC(fit, "HC2")["a", "a"]))
}
by_pair <- function(outcome) function(a) {
  apart <- outcome[a == 1][order(pair[a == 1])] - outcome[a == 0][order(pair[a == 0])]
  unname(t.test(apart)$statistic)
}
# The outcome that a constant effect leaves, as the null says, with the controls held by lm whose
# weights count each cluster the same
weight <- 1 / as.numeric(table(rows$team_id)[rows$team_id])
long <- lm(change ~ treated + before, rows, weights = weight)
partial <- function(a) {
  fit <- lm(rows$change ~ a[match(rows$team_id, LETTERS[1:8])] + rows$before, weights = weight)
  left <- lm(a[match(rows$team_id, LETTERS[1:8])] ~ rows$before, weights = weight)
  unname(coef(fit)[2]) * sqrt(sum(weight * resid(left)^2))
}
row <- function(name, assigned, statistic, made) {
  data.frame(design = name, n_assignments = length(assigned), observed = statistic(made),
             p_value = share(assigned, statistic, statistic(made)))
}
# All orders of eight doses are 40,320; the slope is enough, whose denominator is constant.
orders <- function(v) {
  if (length(v) < 2) return(matrix(v))
  do.call(rbind, lapply(seq_along(v), function(i) cbind(v[i], orders(v[-i]))))
}
doses <- orders(dose)
slopes <- as.numeric(doses %*% (y - mean(y))) / sum((dose - mean(dose))^2)
at_dose <- unname(coef(lm(y ~ dose))[2])
expected <- rbind(
  row("complete, t", complete, welch(y), d),
  row("complete, t, null .3", complete, welch(y - 0.3 * d), d),
  row("three of eight, t", of_eight, welch(y), three),
  row("complete, difference", complete, slope(y), d),
  row("strata, t", within, hc2(y), d),
  row("pairs, t", paired, by_pair(y), d),
  row("control, difference", complete, partial, d),
  data.frame(design = "dose, difference", n_assignments = nrow(doses), observed = at_dose,
             p_value = mean(abs(slopes) >= abs(at_dose) - 1e-9))
)
# Bounds of effects that the test does not reject at 90%, with three treated: p jumps there.
p_at <- function(statistic) function(tau) {
  share(of_eight, statistic(y - tau * three), statistic(y - tau * three)(three))
}
jump <- function(p, from, to) {
  for (i in 1:60) {
    middle <- (from + to) / 2
    if (p(middle) > 0.1) from <- middle else to <- middle
  }
  from
}
centre <- slope(y)(three)
bounds <- data.frame(
  statistic = c("difference", "t"),
  conf_low = c(jump(p_at(slope), centre, centre - 5), jump(p_at(welch), centre, centre - 5)),
  conf_high = c(jump(p_at(slope), centre, centre + 5), jump(p_at(welch), centre, centre + 5))
)
write.csv(expected, "expected.csv", row.names = FALSE)
write.csv(bounds, "bounds.csv", row.names = FALSE)
write.csv(data.frame(slope = format(unname(coef(long)[2]), digits = 15)), "control.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("sandwich", packageVersion("sandwich"))), "session.txt")
