# Three factors of three items, 220 people, complete and with answers left out; lavaan's numbers.
suppressMessages(library(lavaan))
set.seed(20)
n <- 220
f <- matrix(rnorm(n * 3), n) %*% chol(matrix(c(1, .5, .3, .5, 1, .4, .3, .4, 1), 3))
l <- c(.8, .7, .6, .75, .65, .7, .6, .8, .5)
x <- sapply(1:9, function(i) l[i] * f[, (i + 2) %/% 3] + sqrt(1 - l[i]^2) * rnorm(n))
x[, 2] <- x[, 2] + .25 * f[, 3]
x <- round(sweep(sweep(x, 2, c(1, 1, 10, 1, 1, .5, 1, 2, 1), "*"), 2, 1:9, "+"), 3)
left <- matrix(runif(n * 9) < .08, n)
left[1:15, 4:6] <- TRUE
answers <- as.data.frame(cbind(x, ifelse(left, NA, x)))
names(answers) <- c(paste0("x", 1:9), paste0("m", 1:9))
write.csv(answers, "answers.csv", row.names = FALSE, na = "")

model <- function(k) {
  item <- function(i) paste0(k, i, collapse = " + ")
  paste("one =~", item(1:3), "\ntwo =~", item(4:6), "\nthree =~", item(7:9))
}
runs <- list(
  complete = list(model("x"), "listwise"),
  listwise = list(model("m"), "listwise"),
  fiml = list(model("m"), "fiml"),
  single_complete = list("one =~ x1 + x2 + x3 + x4 + x5", "listwise"),
  single_fiml = list("one =~ m1 + m2 + m3 + m4 + m5", "fiml")
)
wanted <- c("npar", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower",
            "rmsea.ci.upper", "srmr", "aic", "bic", "logl")
out <- list()
for (run in names(runs)) {
  fit <- cfa(runs[[run]][[1]], answers, std.lv = TRUE, meanstructure = TRUE,
             missing = runs[[run]][[2]], likelihood = "normal", em.h1.tol = 1e-12, em.h1.iter.max = 5000)
  m <- fitMeasures(fit, wanted)
  out[[length(out) + 1]] <- data.frame(run, what = "fit", name = names(m), estimate = as.numeric(m),
                                       std_error = NA)
  s <- standardizedSolution(fit)
  s <- s[s$op == "=~" | (s$op == "~~" & s$lhs != s$rhs), ]
  out[[length(out) + 1]] <- data.frame(run, what = "standardised", name = paste(s$lhs, s$op, s$rhs),
                                       estimate = s$est.std, std_error = s$se)
  r <- suppressMessages(suppressWarnings(semTools::reliability(fit)))["omega", , drop = FALSE]
  out[[length(out) + 1]] <- data.frame(run, what = "omega", name = colnames(r), estimate = as.numeric(r),
                                       std_error = NA)
  i <- modindices(fit)
  i <- i[i$op %in% c("=~", "~~"), ]
  out[[length(out) + 1]] <- data.frame(run, what = "modification", name = paste(i$lhs, i$op, i$rhs),
                                       estimate = i$mi, std_error = NA)
  out[[length(out) + 1]] <- data.frame(run, what = "change", name = paste(i$lhs, i$op, i$rhs),
                                       estimate = i$epc, std_error = NA)
}
write.csv(do.call(rbind, out), "expected.csv", row.names = FALSE, na = "")
writeLines(c(R.version.string, paste("lavaan", packageVersion("lavaan")),
             paste("semTools", packageVersion("semTools"))), "session.txt")
