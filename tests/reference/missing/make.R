# Reference values for pooling over imputations and for patterns, from simulated numbers.
suppressMessages({library(mice); library(mitml)})
options(digits = 17, warn = -1)
set.seed(20110613)

m <- 7
estimates <- sapply(c(.3, -.2, 1.1), function(x) x + c(.1, .02, .5) [1] * rnorm(m))
colnames(estimates) <- c("a", "b", "c")
root <- matrix(c(.3, .05, .02, 0, .2, .04, 0, 0, .4), 3)
covariances <- lapply(seq_len(m), function(i) tcrossprod(root + .02 * matrix(rnorm(9), 3)))
variances <- t(sapply(covariances, diag))
flat <- t(sapply(covariances, as.vector))
colnames(flat) <- paste0("u", outer(1:3, 1:3, paste0))
input <- data.frame(estimates, flat)
input[] <- lapply(input, function(x) as.numeric(formatC(x, digits = 12, format = "g")))
estimates <- as.matrix(input[1:3])
covariances <- lapply(seq_len(m), function(i) matrix(unlist(input[i, -(1:3)]), 3))
covariances <- lapply(covariances, function(u) (u + t(u)) / 2)
variances <- t(sapply(covariances, diag))
write.csv(input, "estimates.csv", row.names = FALSE, quote = FALSE)

out <- list()
put <- function(topic, name, value) {
  out[[length(out) + 1]] <<- data.frame(topic = topic, name = name, value = as.numeric(value))
}

fields <- c("qbar", "ubar", "b", "t", "df", "r", "fmi")
for (df in c(Inf, 40, 4, 2.3)) for (j in 1:3) {
  one <- pool.scalar(estimates[, j], variances[, j], n = df + 1, k = 1)
  put(paste("pool.scalar", df, colnames(estimates)[j]), fields, unlist(one[fields]))
}

# mice::pool of regressions on imputed tables: two-sided 95% intervals and p.
n <- 25
answers <- data.frame(tenure = rnorm(n))
answers$trust <- answers$tenure / 2 + rnorm(n)
answers$voice <- answers$trust / 2 + rnorm(n)
answers$norms <- answers$voice / 2 + rnorm(n)
answers <- round(answers, 2)
answers$trust[c(1, 5, 9, 13)] <- NA
answers$voice[c(1, 5, 9, 17, 20, 21)] <- NA
answers$norms[c(1, 2, 3, 4, 5, 9, 17, 24)] <- NA
imp <- mice(answers, m = 5, seed = 1, print = FALSE)
fits <- with(imp, lm(norms ~ trust + tenure))
pooled <- summary(pool(fits), conf.int = TRUE)
each <- do.call(rbind, lapply(seq_along(fits$analyses), function(i) {
  s <- summary(fits$analyses[[i]])$coefficients
  data.frame(imputation = i, term = rownames(s), estimate = s[, 1], std_error = s[, 2],
             df = fits$analyses[[i]]$df.residual)
}))
each[3:4] <- lapply(each[3:4], function(x) formatC(x, digits = 15, format = "g"))
write.csv(each, "fits.csv", row.names = FALSE, quote = FALSE)
for (column in c("estimate", "std.error", "statistic", "df", "p.value", "2.5 %", "97.5 %")) {
  put(paste("pool", column), as.character(pooled$term), pooled[[column]])
}

# Imputed values under the normal model: mean over cells, its spread over imputations.
many <- mice(answers, m = 500, method = "norm", maxit = 5, seed = 2, print = FALSE)
norm <- do.call(rbind, lapply(c("trust", "voice", "norms"), function(name) {
  drawn <- as.matrix(many$imp[[name]])
  data.frame(column = name, mean = mean(drawn), sd_of_means = sd(colMeans(drawn)), sd = sd(drawn))
}))
norm[-1] <- lapply(norm[-1], function(x) formatC(x, digits = 8, format = "g"))
write.csv(norm, "norm.csv", row.names = FALSE, quote = FALSE)

# Joint test of both slopes; `testModels` takes covariances as they are.
null <- with(imp, lm(norms ~ 1))
slopes <- do.call(rbind, lapply(fits$analyses, function(f) {
  c(coef(f)[-1], as.vector(vcov(f)[-1, -1]))
}))
colnames(slopes) <- c("q1", "q2", "u11", "u21", "u12", "u22")
slopes[] <- as.numeric(formatC(slopes, digits = 16, format = "g"))
write.csv(format(slopes, digits = 16, trim = TRUE), "slopes.csv", row.names = FALSE, quote = FALSE)
for (df in c(Inf, 22)) {
  given <- if (is.finite(df)) df else NULL
  joint <- testModels(fits$analyses, null$analyses, method = "D1", df.com = given)$test
  put(paste("testModels", df), colnames(joint), joint)
}

lists <- function(i) setNames(estimates[i, ], c("a", "b", "c"))
q <- lapply(seq_len(m), lists)
u <- lapply(covariances, function(x) { dimnames(x) <- list(c("a", "b", "c"), c("a", "b", "c")); x })
for (df in c(Inf, 40, 15)) {
  given <- if (is.finite(df)) df else NULL
  tested <- testEstimates(qhat = estimates |> t(), uhat = t(variances), df.com = given)$estimates
  for (column in colnames(tested)) put(paste("testEstimates", df, column), c("a", "b", "c"), tested[, column])
  joint <- testConstraints(qhat = q, uhat = u, constraints = c("a", "b"), method = "D1", df.com = given)$test
  put(paste("testConstraints", df), colnames(joint), joint)
  whole <- testConstraints(qhat = q, uhat = u, constraints = c("a", "b", "c"), method = "D1", df.com = given)$test
  put(paste("testConstraints all", df), colnames(whole), whole)
}
few <- testConstraints(qhat = q[1:3], uhat = u[1:3], constraints = c("a", "b"), method = "D1")$test
put("testConstraints few", colnames(few), few)

# Patterns of answers.
write.csv(answers, "answers.csv", row.names = FALSE, quote = FALSE, na = "")
pattern <- md.pattern(answers, plot = FALSE)
rows <- head(pattern, -1)
write.csv(data.frame(n = as.integer(rownames(rows)), rows[, colnames(answers)],
                     n_missing = rows[, ncol(rows)]),
          "patterns.csv", row.names = FALSE, quote = FALSE)

expected <- do.call(rbind, out)
expected$value <- formatC(expected$value, digits = 15, format = "g")
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
info <- sessionInfo()
packages <- c(info$otherPkgs, info$loadedOnly)
lines <- sort(vapply(packages, function(p) paste(p$Package, p$Version), ""))
writeLines(c(R.version.string, unname(lines)), "session.txt")
