# Rscript make.R, in this folder. Values in expected.csv, versions in session.txt.
library(clubSandwich); library(geepack); library(MASS); library(sandwich)
set.seed(12)
sizes <- c(7, 7, 8, 8, 11)
d <- do.call(rbind, lapply(seq_along(sizes), function(g) {
  u <- rnorm(1, 0, .6); n <- sizes[g]; v <- rnorm(n, 0, .8); tenure <- round(rexp(n, .2), 1)
  do.call(rbind, lapply(0:2, function(w) {
    latent <- u + v + .35 * w - .03 * tenure + rlogis(n)
    data.frame(team_id = letters[g], wave = w, tenure = tenure, dose = c(8, 12, 9, 15, 11)[g],
               answer = findInterval(latent, c(-1.2, 0, 1.5)) + 1)
  }))
}))
d$agrees <- as.integer(d$answer >= 3)
d$answer[c(4, 50)] <- NA; d$agrees[c(4, 50)] <- NA
write.csv(d, "data.csv", row.names = FALSE, na = "")
k <- d[!is.na(d$answer), ]; k <- k[order(k$team_id), ]
rows <- list()
add <- function(model, kind, ct, df = TRUE) rows[[length(rows) + 1]] <<- data.frame(
  model = model, kind = kind, term = rownames(ct), estimate = ct$beta, std_error = ct$SE,
  df = if (df) ct$df_Satt else NA)
f <- glm(agrees ~ wave + tenure + dose, binomial, k, epsilon = 1e-14)
for (kind in c("CR0", "CR2", "CR3")) {
  ct <- coef_test(f, vcovCR(f, cluster = k$team_id, type = kind), test = "Satterthwaite")
  add("glm", kind, as.data.frame(ct))
}
g <- geeglm(agrees ~ wave + tenure, binomial, k, id = factor(k$team_id), corstr = "exchangeable",
            control = geese.control(epsilon = 1e-13, maxit = 200))
rows[[length(rows) + 1]] <- data.frame(model = "geeglm", kind = "CR0", term = names(coef(g)),
  estimate = coef(g), std_error = summary(g)$coefficients[, "Std.err"], df = NA)
rows[[length(rows) + 1]] <- data.frame(model = "geeglm", kind = "", term = "correlation",
  estimate = unname(g$geese$alpha), std_error = NA, df = NA)
p <- polr(factor(answer) ~ wave + tenure + dose, k, Hess = TRUE, control = list(reltol = 1e-15, maxit = 1000))
nm <- names(c(coef(p), p$zeta))
rows[[length(rows) + 1]] <- data.frame(model = "polr", kind = "", term = nm,
  estimate = c(coef(p), -p$zeta), std_error = NA, df = NA)
# polr's variance has the observed information in its bread, ours the expected: scores compare.
scores <- rowsum(estfun(p), k$team_id)
write.csv(data.frame(team_id = rownames(scores), scores, check.names = FALSE), "scores.csv", row.names = FALSE)
write.csv(do.call(rbind, rows), "expected.csv", row.names = FALSE, na = "")
writeLines(capture.output(print(R.version.string), sapply(c("clubSandwich","geepack","MASS","sandwich"), function(x) as.character(packageVersion(x)))), "session.txt")
