# Reference values for linear mixed models. Run in this folder: Rscript make.R
# A simulated panel of 41 leaders in 5 teams over 4 waves, some answers missing, some people moved.
# lme4's sleepstudy is not used: it is published under the GPL.
suppressMessages({library(lmerTest); library(pbkrtest)})
set.seed(41)
sizes <- c(7, 8, 9, 8, 9)
people <- data.frame(person_id = sprintf("p%02d", 1:41), team = rep(1:5, sizes))
panel <- people[rep(1:41, each = 4), ]
panel$time <- rep(0:3, 41)
panel$team_id <- paste0("t", panel$team)
moved <- panel$person_id %in% c("p03", "p12", "p20", "p33", "p40") & panel$time >= 2
panel$team_now <- paste0("t", ifelse(moved, panel$team %% 5 + 1, panel$team))
panel$treat <- as.numeric(panel$team <= 2)
panel$hours <- round(rgamma(nrow(panel), 2, .5), 2)
person <- rep(1:41, each = 4)
now <- as.integer(sub("t", "", panel$team_now))
a <- rnorm(41, 0, .6); b <- rnorm(41, 0, .25); u <- rnorm(5, 0, .35)
grown <- .25 + .2 * panel$treat + b[person]
panel$trust <- round(3 + grown * panel$time + .05 * panel$hours + a[person] + u[now] +
                       rnorm(nrow(panel), 0, .45), 3)
panel$flat <- round(3 + .25 * panel$time + rnorm(41, 0, .8)[person] + rnorm(nrow(panel), 0, .6), 3)
# A team variance of nothing: the persons of a team are centred on the mean of all.
panel$flat <- round(panel$flat - ave(panel$flat, panel$team_id) + mean(panel$flat), 3)
panel$trust[runif(nrow(panel)) < .12] <- NA
panel <- panel[sample(nrow(panel)), c("person_id", "team_id", "team_now", "time", "treat", "hours",
                                      "trust", "flat")]
write.csv(panel, "panel.csv", row.names = FALSE, na = "")

# BOBYQA down to 1e-10 of theta: lme4's default stops at 1e-6 or so.
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5))
fitted_as <- function(formula, reml) {
  suppressMessages(suppressWarnings(lmerTest::lmer(formula, panel, REML = reml, control = tight)))
}
models <- list(
  slope = list(trust ~ time * treat + hours + (1 | team_id) + (1 + time | person_id), TRUE),
  slope_ml = list(trust ~ time * treat + hours + (1 | team_id) + (1 + time | person_id), FALSE),
  two_level = list(trust ~ time + hours + (1 | person_id), TRUE),
  singular = list(flat ~ time * treat + (1 | team_id) + (1 | person_id), TRUE),
  crossed = list(trust ~ time * treat + (1 | team_now) + (1 + time | person_id), TRUE),
  team_slope = list(trust ~ time * treat + (1 + time | team_id) + (1 + time | person_id), TRUE)
)
rows <- list()
add <- function(model, what, name, value) {
  rows[[length(rows) + 1]] <<- data.frame(model, what, name, value = as.numeric(value))
}
joint <- c("time", "treat")
for (model in names(models)) {
  reml <- models[[model]][[2]]
  m <- fitted_as(models[[model]][[1]], reml)
  s <- coef(summary(m))
  terms <- rownames(s)
  add(model, "estimate", terms, s[, "Estimate"])
  add(model, "std_error", terms, s[, "Std. Error"])
  add(model, "df", terms, s[, "df"])
  add(model, "p_value", terms, s[, "Pr(>|t|)"])
  v <- as.data.frame(VarCorr(m))
  effect <- ifelse(is.na(v$var1), "", ifelse(is.na(v$var2), v$var1, paste(v$var1, v$var2, sep = ", ")))
  add(model, "vcov", paste(v$grp, effect, sep = "|"), v$vcov)
  add(model, "sdcor", paste(v$grp, effect, sep = "|"), v$sdcor)
  add(model, "glance", c("log_likelihood", "aic", "bic", "singular"),
      c(logLik(m), AIC(m), BIC(m), isSingular(m)))
  l <- diag(length(terms))[match(intersect(joint, terms), terms), , drop = FALSE]
  f <- contest(m, l, joint = TRUE)
  add(model, "joint", c("statistic", "df2", "p_value"), f[c("F value", "DenDF", "Pr(>F)")])
  if (reml) {
    k <- coef(summary(m, ddf = "Kenward-Roger"))
    add(model, "kr_std_error", terms, k[, "Std. Error"])
    add(model, "kr_df", terms, k[, "df"])
    # pbkrtest itself; lmerTest's contest(ddf = "Kenward-Roger") calls it.
    f <- pbkrtest::KRmodcomp(as(m, "lmerMod"), l)$test["Ftest", ]
    add(model, "kr_joint", c("statistic", "df2", "p_value"), f[c("stat", "ddf", "p.value")])
  }
  if (!model %in% c("slope", "crossed")) next
  r <- as.data.frame(ranef(m, condVar = TRUE))
  name <- paste(r$grpvar, r$grp, r$term, sep = "|")
  add(model, "ranef", name, r$condval)
  add(model, "ranef_sd", name, r$condsd)
}

# Likelihood ratios, both by maximum likelihood.
slope <- fitted_as(models$slope[[1]], FALSE)
without <- list(
  team = trust ~ time * treat + hours + (1 + time | person_id),
  person_slope = trust ~ time * treat + hours + (1 | team_id) + (1 | person_id),
  treat = trust ~ time + hours + (1 | team_id) + (1 + time | person_id)
)
for (name in names(without)) {
  a <- anova(fitted_as(without[[name]], FALSE), slope, refit = FALSE)
  add("slope_ml", "ratio", paste0(name, c("|statistic", "|df")), c(a$Chisq[2], a$Df[2]))
}

# Profile-likelihood bounds by root finding on lme4's own deviance: confint() interpolates a spline.
# Model trust ~ time + hours + (1 | team_id) + (1 | person_id); theta is (person, team) sd / sigma.
for (reml in c(TRUE, FALSE)) {
  f <- trust ~ time + hours + (1 | team_id) + (1 | person_id)
  m <- fitted_as(f, reml)
  dev <- lme4::lmer(f, panel, REML = reml, devFunOnly = TRUE)
  n <- nobs(m) - if (reml) length(fixef(m)) else 0
  # Profiled deviance -> deviance at a given sigma: d = a + n (1 + log(2 pi r2 / n)).
  at <- function(theta, sigma) {
    d <- dev(theta); r2 <- environment(dev)$pp$sqrL(1) + environment(dev)$resp$wrss()
    d - n * (1 + log(2 * pi * r2 / n)) + n * log(2 * pi * sigma^2) + r2 / sigma^2
  }
  least <- dev(getME(m, "theta"))
  limit <- qchisq(.95, 1)
  other <- function(f, start, lower) {
    optim(start, f, method = "L-BFGS-B", lower = lower, control = list(factr = 10))$value
  }
  label <- if (reml) "profile_reml" else "profile_ml"
  sd_team <- function(v) {
    other(function(p) at(c(p[1], v / p[2]), p[2]), c(getME(m, "theta")[1], sigma(m)), c(0, .1))
  }
  icc_person <- function(v) {
    # theta_person^2 / (1 + theta_person^2 + theta_team^2) = v
    optimise(function(p) dev(c(sqrt(v * (1 + p^2) / (1 - v)), p)), c(0, 10), tol = 1e-10)$objective
  }
  residual <- function(v) {
    other(function(p) at(p, v), getME(m, "theta"), c(0, 0))
  }
  root <- function(f, from, to) {
    uniroot(function(v) f(v) - least - limit, c(from, to), tol = 1e-9)$root
  }
  sd <- getME(m, "theta")[2] * sigma(m)
  share <- getME(m, "theta")[1]^2 / (1 + sum(getME(m, "theta")^2))
  add(label, "upper", "team_id|sd", root(sd_team, max(sd, .01), 3))
  add(label, "upper", "person_id|icc", root(icc_person, share, .99))
  add(label, "lower", "person_id|icc", root(icc_person, .01, share))
  add(label, "upper", "residual|sd", root(residual, sigma(m), 3 * sigma(m)))
  add(label, "lower", "residual|sd", root(residual, sigma(m) / 3, sigma(m)))
}
out <- do.call(rbind, rows)
out$name <- gsub("(Intercept)", "Intercept", out$name, fixed = TRUE)
out$name <- gsub("Residual", "residual", out$name)
out$value <- trimws(formatC(out$value, digits = 12, format = "g"))
write.csv(out, "expected.csv", row.names = FALSE)
versions <- sapply(c("lme4", "lmerTest", "pbkrtest"), function(p) paste(p, packageVersion(p)))
writeLines(c(R.version.string, versions), "session.txt")
