# Three waves, four items, 260 people: invariance by lavaan, factor of the first wave standardised.
suppressMessages(library(lavaan))
set.seed(31)
n <- 260
waves <- 1:3
f <- matrix(rnorm(n * 3), n) %*% chol(matrix(c(1, .6, .5, .6, 1.2, .7, .5, .7, 1.1), 3))
f <- sweep(f, 2, c(0, .2, .5), "+")
l <- c(.8, .7, .6, .75)
stays <- matrix(rnorm(n * 4), n)
x <- do.call(cbind, lapply(waves, function(t) sapply(1:4, function(i)
  l[i] * f[, t] + .3 * stays[, i] + .6 * rnorm(n) + c(3, 3.2, 2.8, 3.5)[i])))
x[, 6] <- x[, 6] + .35
x[, 10] <- x[, 10] + .35
x <- round(x, 3)
names_x <- paste0("i", rep(1:4, 3), "w", rep(waves, each = 4))
m <- x
m[matrix(runif(length(m)) < .05, n)] <- NA
m[1:40, 9:12] <- NA
m[230:260, 1:4] <- NA
long <- function(x) do.call(rbind, lapply(waves, function(t) {
  part <- as.data.frame(x[, (t - 1) * 4 + 1:4])
  names(part) <- paste0("i", 1:4)
  cbind(wave = paste0("w", t), person_id = sprintf("p%03d", 1:n), part)
}))
both <- long(x)
both[paste0("m", 1:4)] <- long(m)[paste0("i", 1:4)]
write.csv(both, "answers.csv", row.names = FALSE, na = "")

syntax <- function(step, free = integer(0)) {
  lines <- character(0)
  level <- match(step, c("configural", "metric", "scalar", "strict"))
  for (t in waves) {
    own <- function(i, from) if (level >= from && !(i %in% free)) i else paste0(i, "_", t)
    load <- sapply(1:4, function(i) paste0("l", if (level >= 2) i else paste0(i, "_", t)))
    lines <- c(lines, paste0("f", t, " =~ NA*i1w", t, " + ", paste0(load, "*i", 1:4, "w", t, collapse = " + ")))
    lines <- c(lines, paste0("i", 1:4, "w", t, " ~ n", sapply(1:4, own, 3), "*1"))
    lines <- c(lines, paste0("i", 1:4, "w", t, " ~~ r", sapply(1:4, own, 4), "*i", 1:4, "w", t))
    lines <- c(lines, paste0("f", t, " ~~ ", if (t == 1 || level == 1) "1" else "NA", "*f", t))
    lines <- c(lines, paste0("f", t, " ~ ", if (t == 1 || level < 3) "0" else "NA", "*1"))
  }
  for (i in 1:4) lines <- c(lines, paste0("i", i, "w", c(1, 1, 2), " ~~ i", i, "w", c(2, 3, 3)))
  lines <- c(lines, "f1 ~~ f2 + f3", "f2 ~~ f3")
  paste(lines, collapse = "\n")
}
wanted <- c("npar", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower",
            "rmsea.ci.upper", "srmr", "aic", "bic", "logl")
out <- list()
add <- function(...) out[[length(out) + 1]] <<- data.frame(...)
for (run in c("complete", "missing")) {
  wide <- as.data.frame(if (run == "complete") x else m)
  names(wide) <- names_x
  fits <- list()
  steps <- list(configural = list("configural"), metric = list("metric"), scalar = list("scalar"),
                "partial scalar" = list("scalar", 2), "partial strict" = list("strict", 2))
  for (name in names(steps)) {
    fit <- lavaan(do.call(syntax, steps[[name]]), wide, likelihood = "normal", meanstructure = TRUE,
                  missing = if (run == "complete") "listwise" else "fiml",
                  em.h1.tol = 1e-12, em.h1.iter.max = 5000)
    fits[[name]] <- fit
    v <- fitMeasures(fit, wanted)
    add(run, step = name, what = "fit", name = names(v), estimate = as.numeric(v), std_error = NA)
    p <- parameterEstimates(fit)
    p <- p[p$op == "~1" & p$lhs %in% c("f2", "f3"), ]
    add(run, step = name, what = "mean", name = sub("f", "w", p$lhs), estimate = p$est, std_error = p$se)
  }
  pairs <- list(metric = "configural", scalar = "metric", "partial scalar" = "metric",
                "partial strict" = "partial scalar")
  for (name in names(pairs)) {
    d <- lavTestLRT(fits[[pairs[[name]]]], fits[[name]])
    add(run, step = name, what = "difference", name = c("statistic_change", "df_change", "p_value_change"),
        estimate = as.numeric(d[2, c("Chisq diff", "Df diff", "Pr(>Chisq)")]), std_error = NA)
  }
  for (i in 1:4) {
    freed <- lavaan(syntax("scalar", i), wide, likelihood = "normal", meanstructure = TRUE,
                    missing = if (run == "complete") "listwise" else "fiml",
                    em.h1.tol = 1e-12, em.h1.iter.max = 5000)
    d <- lavTestLRT(freed, fits[["scalar"]])
    add(run, step = "scalar", what = "search", name = paste0("i", i),
        estimate = as.numeric(d[2, "Chisq diff"]), std_error = NA)
    # Score test of both equalities of the intercept at once.
    table <- parTable(fits[["scalar"]])
    equal <- table[table$op == "==", ]
    mine <- which(equal$lhs %in% table$plabel[table$op == "~1" & table$lhs %in% paste0("i", i, "w", waves)])
    s <- lavTestScore(fits[["scalar"]], release = mine)$test
    add(run, step = "scalar", what = "score", name = paste0("i", i), estimate = s$X2, std_error = NA)
  }
}
write.csv(do.call(rbind, out), "expected.csv", row.names = FALSE, na = "")
writeLines(c(R.version.string, paste("lavaan", packageVersion("lavaan"))), "session.txt")
