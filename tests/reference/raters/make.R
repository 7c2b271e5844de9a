# Reference values for agreement between raters: psych (ICC, cohen.kappa). Run in this folder.
suppressMessages(library(psych))
write <- function(x, file) write.csv(x, file, row.names = FALSE, quote = FALSE, na = "")
long <- function(m) data.frame(
  unit = rep(seq_len(nrow(m)), ncol(m)),
  rater_id = rep(paste0("r", seq_len(ncol(m))), each = nrow(m)),
  score = as.vector(as.matrix(m))
)

# Shrout & Fleiss (1979), table 2.
shrout <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7),
                 ncol = 4, byrow = TRUE)
set.seed(20)
larger <- round(outer(rnorm(25, 0, 1.2), rep(1, 5)) + outer(rep(1, 25), rnorm(5, 0, 0.6)) +
                  matrix(rnorm(125), 25) + 5, 1)
holes <- larger
holes[cbind(c(1, 2, 3, 3, 7, 9, 12, 12, 12, 15, 18, 20, 24, 25, 25), 
            c(1, 2, 1, 4, 5, 3, 1, 2, 5, 4, 2, 3, 1, 1, 5))] <- NA
# Each unit by two of five raters, as coaches rate their own team and a neighbour's.
pairs <- larger
for (i in 1:25) pairs[i, setdiff(1:5, c((i - 1) %% 5, i %% 5) + 1)] <- NA

iccs <- list()
for (name in c("shrout", "larger", "holes", "pairs")) {
  m <- get(name)
  write(long(m), paste0(name, ".csv"))
  # lmer = FALSE is the analysis of variance; with missing ratings only lmer = TRUE keeps them.
  fit <- suppressMessages(ICC(m, missing = FALSE, lmer = anyNA(m)))
  r <- fit$results
  iccs[[name]] <- data.frame(data = name, type = as.character(r$type), estimate = r$ICC,
    statistic = r$F, df1 = r$df1, df2 = r$df2, p_value = r$p,
    conf_low = r[["lower bound"]], conf_high = r[["upper bound"]])
}
options(digits = 15)
write(do.call(rbind, iccs), "icc.csv")

# Two raters, five ordered categories.
set.seed(4)
a <- sample(1:5, 80, TRUE, c(.1, .2, .3, .25, .15))
b <- pmin(pmax(a + sample(-1:1, 80, TRUE, c(.25, .6, .15)), 1), 5)
write(long(cbind(a, b)), "two_raters.csv")
k <- cohen.kappa(cbind(a, b))
place <- abs(outer(1:5, 1:5, "-"))
kl <- cohen.kappa(cbind(a, b), w = 1 - place / 4)
# psych's variance of weighted kappa is left out: it is 0 for its own quadratic weights here.
write(data.frame(
  weights = c("none", "quadratic", "linear"),
  estimate = c(k$kappa, k$weighted.kappa, kl$weighted.kappa),
  variance = c(k$var.kappa, NA, NA)
), "cohen.csv")
session <- capture.output(sessionInfo())
writeLines(grep("^(BLAS|LAPACK):", session, value = TRUE, invert = TRUE), "session.txt")
