# Reference values of people in networks: spatialreg, sna, glm and lm in R.
# Run in this folder: Rscript make.R
suppressMessages({library(spatialreg); library(spdep); library(sna)})
set.seed(20125)

# 36 people in four teams; valued ties; an outcome that is passed on; two attributes.
n <- 36
team_id <- rep(c("a", "b", "c", "d"), c(6, 8, 10, 12))
person_id <- sprintf("p%02d", 1:n)
chance <- ifelse(outer(team_id, team_id, "=="), 0.35, 0.06)
strength <- matrix(rbinom(n * n, 1, chance) * sample(1:4, n * n, TRUE), n)
diag(strength) <- 0
strength[5, ] <- 0
weights <- strength / pmax(rowSums(strength), 1)
tenure <- round(rnorm(n, 8, 3), 1)
level <- rep(c("office", "site", "site"), 12)
x <- cbind(1, tenure, level == "site")
trust <- round(as.numeric(
  solve(diag(n) - 0.4 * weights, x %*% c(1.5, 0.1, 0.5) + rnorm(n, 0, 0.6))
), 3)
people <- data.frame(person_id, team_id, tenure, level, trust)
at <- which(strength > 0, arr.ind = TRUE)
ties <- data.frame(sender_id = person_id[at[, 1]], receiver_id = person_id[at[, 2]],
                   strength = strength[at])
write.csv(people, "people.csv", row.names = FALSE, quote = FALSE)
write.csv(ties, "ties.csv", row.names = FALSE, quote = FALSE)

# Neighbours with these weights; the person without neighbours stays, with a lag of 0.
neighbours <- suppressWarnings(mat2listw(weights, style = "M"))
formula <- trust ~ tenure + level
people$alone <- as.numeric(rowSums(strength) == 0)
control <- list(tol.opt = 1e-14)
lag <- lagsarlm(update(formula, . ~ . + alone), people, neighbours, zero.policy = TRUE, tol.solve = 1e-14, control = control)
err <- errorsarlm(formula, people, neighbours, zero.policy = TRUE, tol.solve = 1e-14, control = control)
terms <- c("rho", "Intercept", "tenure", "level: site")
with_alone <- c(terms, "names nobody")
table_of <- function(source, term, estimate, std_error, statistic = NA) {
  data.frame(source, term, estimate = as.numeric(estimate), std_error = as.numeric(std_error),
             statistic = as.numeric(statistic))
}
ratio <- function(fit) c(LR1.Sarlm(fit)$statistic, rep(NA, length(coef(fit)) - 1))
# sna's lnam takes the matrix as it is; standard errors are from the observed information.
sna_lag <- lnam(trust, cbind(x, people$alone), W1 = weights, tol = 1e-14)
sna_err <- lnam(trust, x, W2 = weights, tol = 1e-14)
expected <- rbind(
  table_of("lagsarlm", with_alone, c(lag$rho, lag$coefficients), c(lag$rho.se, lag$rest.se), ratio(lag)),
  table_of("errorsarlm", terms, c(err$lambda, err$coefficients), c(err$lambda.se, err$rest.se),
           ratio(err)),
  table_of("lnam lag", with_alone, c(sna_lag$rho1, sna_lag$beta), c(sna_lag$rho1.se, sna_lag$beta.se)),
  table_of("lnam disturbance", terms, c(sna_err$rho2, sna_err$beta),
           c(sna_err$rho2.se, sna_err$beta.se)),
  table_of("loglik lag", "", logLik(lag), NA),
  table_of("loglik disturbance", "", logLik(err), NA)
)

# Regressions of people, with a constant and with one for each team.
model <- summary(lm(trust ~ tenure + level, people))
within <- summary(lm(trust ~ tenure + level + team_id, people))
both <- function(name, fit, rows, labels) {
  table_of(name, labels, fit$coefficients[rows, 1], fit$coefficients[rows, 2],
           fit$coefficients[rows, 3])
}
anovas <- anova(lm(trust ~ team_id, people))
expected <- rbind(
  expected,
  both("lm", model, 1:3, terms[-1]),
  table_of("lm", "model", model$r.squared, model$adj.r.squared, model$fstatistic[1]),
  both("lm within teams", within, 2:3, terms[3:4]),
  table_of("anova", c("team_id", "residual"), anovas[, "Sum Sq"], anovas[, "Df"],
           anovas[, "F value"])
)

# p1 as a log-linear model of dyads (Fienberg & Wasserman, 1981): each pair has four cells, its own
# constant, and Poisson counts; effects sum to 0. Of the first 14 people those who name and are named.
m <- (strength[1:14, 1:14] > 0) * 1
repeat {
  m <- m[rowSums(m) > 0, , drop = FALSE][, rowSums(m) > 0]
  if (all(colSums(m) > 0) && all(rowSums(m) > 0)) break
  m <- m[colSums(m) > 0, colSums(m) > 0]
}
k <- nrow(m)
cells <- do.call(rbind, lapply(which(upper.tri(m)), function(at) {
  i <- (at - 1) %% k + 1; j <- (at - 1) %/% k + 1
  data.frame(i, j, out = c(0, 1, 0, 1), back = c(0, 0, 1, 1),
             count = as.numeric(c(0, 1, 0, 1) == m[i, j] & c(0, 0, 1, 1) == m[j, i]))
}))
# Columns of effects whose sum is 0: the last person is minus the others.
effects <- function(sender) sapply(1:(k - 1), function(a) {
  own <- function(v) (v == a) - (v == k)
  if (sender) cells$out * own(cells$i) + cells$back * own(cells$j)
  else cells$out * own(cells$j) + cells$back * own(cells$i)
})
design <- cbind(theta = cells$out + cells$back, rho = cells$out * cells$back,
                effects(TRUE), effects(FALSE))
pair <- factor(paste(cells$i, cells$j))
fit <- glm(cells$count ~ 0 + pair + design, family = poisson,
           control = list(epsilon = 1e-14, maxit = 100))
last <- seq_len(ncol(design)) + nlevels(pair)
b <- coef(fit)[last]
se <- sqrt(diag(vcov(fit)))[last]
a <- b[3:(k + 1)]; beta <- b[(k + 2):(2 * k)]
without <- glm(cells$count ~ 0 + pair + design[, -2], family = poisson,
               control = list(epsilon = 1e-14, maxit = 100))
p1 <- rbind(
  table_of("p1", c("theta", "rho"), b[1:2], se[1:2], c(NA, deviance(without) - deviance(fit))),
  table_of("p1", paste("alpha", 1:k), c(a, -sum(a)), c(se[3:(k + 1)], NA)),
  table_of("p1", paste("beta", 1:k), c(beta, -sum(beta)), c(se[(k + 2):(2 * k)], NA))
)
expected <- rbind(expected, p1)
write.csv(m, "p1_arcs.csv", row.names = FALSE, quote = FALSE)
expected[3:5] <- lapply(expected[3:5], function(v) trimws(format(v, digits = 15)))
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("spatialreg", packageVersion("spatialreg")),
             paste("sna", packageVersion("sna"))), "session.txt")
