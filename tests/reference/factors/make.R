# Exploratory factors and parallel analysis of simulated answers, by psych.
suppressMessages({library(psych); library(GPArotation)})
set.seed(8)
n <- 200
traits <- matrix(rnorm(2 * n), n) %*% chol(matrix(c(1, .4, .4, 1), 2))
pattern <- cbind(c(.8, .75, .65, .55, 0, .2, 0, 0), c(0, 0, .1, 0, .8, .65, .6, -.5))
noise <- sqrt(1 - diag(pattern %*% matrix(c(1, .4, .4, 1), 2) %*% t(pattern)))
d <- traits %*% t(pattern) + t(t(matrix(rnorm(8 * n), n)) * noise)
d <- as.data.frame(apply(d, 2, function(v) findInterval(v, c(-1.3, -.5, .4, 1.2)) + 1))
names(d) <- paste0("q", 1:8)
write.csv(d, "answers.csv", row.names = FALSE)
solutions <- list(minres_oblimin = list("minres", "oblimin"), ml_oblimin = list("ml", "oblimin"),
                  pa_none = list("pa", "none"), ml_none = list("ml", "none"), minres_none = list("minres", "none"))
fitted <- lapply(solutions, function(s)
  fa(d, 2, fm = s[[1]], rotate = s[[2]], min.err = 1e-12, max.iter = 5000))
rows <- function(name, l, u, phi) data.frame(solution = name, item = names(d), F1 = l[, 1], F2 = l[, 2],
                                             uniqueness = u, between = phi)
loadings <- do.call(rbind, lapply(names(fitted), function(k) {
  f <- fitted[[k]]
  rows(k, unclass(f$loadings), f$uniquenesses, if (is.null(f$Phi)) 0 else f$Phi[1, 2])
}))
# psych's varimax stops at a relative gain of 1e-5; R's own goes on.
v <- varimax(fitted$minres_none$loadings, eps = 1e-15)
loadings <- rbind(loadings, rows("minres_varimax", unclass(v$loadings), fitted$minres_none$uniquenesses, 0))
write.csv(format(loadings, digits = 10), "expected_loadings.csv", row.names = FALSE, quote = FALSE)
fit_of <- function(k) {
  m <- fa(d, k, fm = "ml", rotate = "none")
  data.frame(n_factors = k, statistic = m$STATISTIC, df = m$dof, p_value = m$PVAL, tli = m$TLI, rmsr = m$rms,
             rmsea = sqrt(max(m$objective / m$dof - 1 / (n - 1), 0)))
}
write.csv(format(rbind(fit_of(1), fit_of(2)), digits = 10), "expected_fit.csv", row.names = FALSE, quote = FALSE)
pdf(NULL)
set.seed(9)
p <- suppressMessages(fa.parallel(d, fa = "both", n.iter = 400, sim = FALSE, SMC = TRUE, quant = .95, plot = FALSE))
write.csv(format(data.frame(dimension = 1:8, components = p$pc.values, factors = p$fa.values,
  mean_components = p$pc.simr, n_components = p$ncomp, n_factors = p$nfact), digits = 8),
  "expected_parallel.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, sapply(c("psych", "GPArotation"), function(p) paste(p, packageVersion(p)))),
  "session.txt")
