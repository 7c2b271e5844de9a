# Polychoric correlations of simulated answers: psych, polycor, lavaan, and a search to 1e-10.
suppressMessages({library(psych); library(polycor); library(lavaan); library(mnormt)})
set.seed(20)
cut_at <- function(x, at) findInterval(x, at) + 1
answers <- function(n) {
  trait <- rnorm(n)
  cuts <- list(c(-1.3, -.5, .4, 1.2), c(-1.5, -.9, -.2, .8), c(-.8, 0, .7, 1.4), c(-1, -.3, .3, .9),
               c(-1.8, -1, 0, 1))
  as.data.frame(sapply(1:5, function(j) cut_at(c(.8, .7, .6, -.5, .3)[j] * trait +
    sqrt(1 - c(.8, .7, .6, .5, .3)[j]^2) * rnorm(n), cuts[[j]])))
}
cell <- function(rho, a, b) {
  ra <- c(-Inf, a, Inf); rb <- c(-Inf, b, Inf); s <- matrix(c(1, rho, rho, 1), 2)
  outer(seq_len(length(a) + 1), seq_len(length(b) + 1), Vectorize(function(i, j)
    sadmvn(c(ra[i], rb[j]), c(ra[i + 1], rb[j + 1]), c(0, 0), s, abseps = 1e-14)))
}
two_step <- function(tab, within = c(-.99, .99)) {
  n <- sum(tab)
  a <- qnorm(cumsum(rowSums(tab))[-nrow(tab)] / n); b <- qnorm(cumsum(colSums(tab))[-ncol(tab)] / n)
  r <- optimize(function(r) -sum((tab * log(cell(r, a, b)))[tab > 0]), within, tol = 1e-10)$minimum
  list(rho = r, chance = cell(r, a, b))
}
# Delta method with numeric derivatives: how the estimate moves as each cell's share does.
delta_error <- function(fit, n) {
  p <- fit$chance; step <- 1e-3
  g <- sapply(seq_along(p), function(k) {
    up <- p; down <- p
    up[k] <- p[k] * (1 + step); down[k] <- p[k] * (1 - step)
    near <- fit$rho + c(-.02, .02)
    (two_step(up, near)$rho - two_step(down, near)$rho) / (2 * step * p[k])
  })
  sqrt((sum(p * g^2) - sum(p * g)^2) / n)
}
pairs_of <- function(d) {
  p <- suppressWarnings(polychoric(d, smooth = FALSE))$rho
  fit <- lavCor(d, ordered = names(d), se = "standard", output = "fit")
  est <- parTable(fit); est <- est[est$op == "~~" & est$lhs != est$rhs, ]
  do.call(rbind, combn(names(d), 2, simplify = FALSE, FUN = function(v) {
    row <- est[(est$lhs == v[1] & est$rhs == v[2]) | (est$lhs == v[2] & est$rhs == v[1]), ]
    fit <- two_step(table(d[[v[1]]], d[[v[2]]]))
    data.frame(item = v[1], other_item = v[2], searched = fit$rho, delta_se = delta_error(fit, nrow(d)),
               psych = p[v[1], v[2]], polycor = polychor(d[[v[1]]], d[[v[2]]], ML = FALSE),
               lavaan = row$est, lavaan_se = row$se)
  }))
}
for (n in c(41, 400)) {
  d <- answers(n); names(d) <- paste0("q", 1:5)
  write.csv(d, sprintf("answers_%d.csv", n), row.names = FALSE)
  write.csv(format(pairs_of(d), digits = 12), sprintf("expected_%d.csv", n), row.names = FALSE,
            quote = FALSE)
}
binary <- list(usual = c(20, 7, 5, 9), empty = c(15, 0, 10, 16), both = c(12, 0, 0, 29))
tetra <- do.call(rbind, lapply(names(binary), function(k) {
  m <- matrix(binary[[k]], 2, byrow = TRUE)
  e <- lavCor(data.frame(x = factor(rep(c(0, 0, 1, 1), binary[[k]])), y = factor(rep(c(0, 1, 0, 1), binary[[k]]))),
              ordered = c("x", "y"), output = "cor")[1, 2]
  data.frame(table = k, n00 = m[1, 1], n01 = m[1, 2], n10 = m[2, 1], n11 = m[2, 2],
             psych = suppressMessages(tetrachoric(m, correct = if (any(m == 0)) .5 else 0)$rho), lavaan = e)
}))
write.csv(format(tetra, digits = 12), "expected_binary.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, sapply(c("psych", "polycor", "lavaan", "mnormt"),
  function(p) paste(p, packageVersion(p)))), "session.txt")
