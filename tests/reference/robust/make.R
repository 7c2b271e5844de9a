# Reference values of cluster-robust variances, from clubSandwich.
# Run in this folder: Rscript make.R
suppressMessages(library(clubSandwich))
set.seed(20083)

simulated <- function(design, sizes, treated, waves = 1, icc = 0.2) {
  teams <- LETTERS[seq_along(sizes)]
  people <- data.frame(team_id = rep(teams, sizes))
  people$person_id <- paste0(people$team_id, sequence(sizes))
  table <- merge(people, data.frame(wave = paste0("w", seq_len(waves))))
  n <- nrow(table)
  table$treated <- as.numeric(table$team_id %in% teams[treated])
  table$x <- round(rnorm(n) + rnorm(length(teams))[match(table$team_id, teams)], 2)
  table$z <- round(rnorm(n), 2)
  table$hours <- round(rexp(n, 0.2), 1)
  table$coach <- as.numeric(runif(n) < 0.4)
  table$weight <- round(runif(n, 0.2, 4), 2)
  table$y <- round(0.3 * table$treated + 0.2 * table$x + rnorm(n, 0, sqrt(1 - icc)) +
    rnorm(length(teams), 0, sqrt(icc))[match(table$team_id, teams)], 3)
  if (waves > 1) table <- table[runif(n) < 0.85, ]
  data.frame(design, table)
}

data <- list(
  five = simulated("five", c(7, 11, 8, 6, 9), 1:2),
  twelve = simulated("twelve", c(3, 4, 9, 5, 6, 7, 12, 4, 5, 8, 2, 6), c(1, 4, 5, 9)),
  panel = simulated("panel", c(4, 7, 5, 3, 6, 5, 4, 8), 1:3, waves = 3),
  one_treated = simulated("one_treated", c(7, 8, 6, 9, 5), 3),
  lone_row = simulated("lone_row", c(1, 6, 9, 4, 7, 5), c(1, 3))
)
write.csv(do.call(rbind, data), "data.csv", row.names = FALSE, quote = FALSE)

models <- list(
  list("five", "y ~ treated + x", FALSE),
  list("five", "y ~ treated + x", TRUE),
  list("five", "y ~ 1", FALSE),
  list("twelve", "y ~ treated + x + z + hours + coach", FALSE),
  list("twelve", "y ~ treated + x + z + hours + coach", TRUE),
  list("panel", "y ~ x + z + coach + factor(team_id) + factor(wave)", FALSE),
  list("panel", "y ~ x + z + coach + factor(team_id) + factor(wave)", TRUE),
  list("panel", "y ~ x + z + coach + factor(person_id) + factor(wave)", FALSE),
  list("panel", "y ~ x + z + factor(person_id) + factor(team_id):factor(wave)", FALSE),
  list("one_treated", "y ~ treated + x", FALSE),
  list("lone_row", "y ~ treated + x", FALSE),
  list("lone_row", "y ~ treated + x", TRUE)
)
kinds <- c("CR0", "CR1", "CR1S", "CR2", "CR3")

shown <- c("(Intercept)", "treated", "x", "z", "hours", "coach")
coefficients <- tests <- NULL
for (model in models) for (kind in kinds) {
  table <- data[[model[[1]]]]
  formula <- as.formula(model[[2]])
  fit <- if (model[[3]]) lm(formula, table, weights = weight) else lm(formula, table)
  # (I - H) of a cluster has no inverse where a term rests on that cluster alone.
  variance <- try(vcovCR(fit, table$team_id, kind), silent = TRUE)
  if (inherits(variance, "try-error")) next
  terms <- intersect(shown, names(coef(fit))[!is.na(coef(fit))])
  if (grepl("factor", model[[2]])) terms <- setdiff(terms, "(Intercept)")
  each <- coef_test(fit, variance, test = "Satterthwaite", coefs = terms)
  reach <- conf_int(fit, variance, level = 0.95, coefs = terms)
  key <- data.frame(design = model[[1]], formula = model[[2]], weighted = model[[3]], kind)
  coefficients <- rbind(coefficients, data.frame(key, term = terms, estimate = each$beta,
    std_error = each$SE, statistic = each$tstat, df = each$df_Satt, p_value = each$p_Satt,
    conf_low = reach$CI_L, conf_high = reach$CI_U, row.names = NULL))
  for (tested in list(c("treated", "x"), c("x", "z"), c("x", "z", "coach"),
      c("treated", "x", "z", "hours", "coach"))) {
    if (!all(tested %in% terms)) next
    joint <- Wald_test(fit, constrain_zero(tested, coefs = coef(fit)[!is.na(coef(fit))]), variance,
      test = "HTZ")
    tests <- rbind(tests, data.frame(key, terms = paste(tested, collapse = " "),
      statistic = joint$Fstat, df1 = joint$df_num, df2 = joint$df_denom, p_value = joint$p_val))
  }
}
write.csv(format(coefficients, digits = 15, trim = TRUE), "coefficients.csv", row.names = FALSE,
  quote = FALSE)
write.csv(format(tests, digits = 15, trim = TRUE), "joint_tests.csv", row.names = FALSE,
  quote = FALSE)

writeLines(c(R.version.string, paste("clubSandwich", packageVersion("clubSandwich"))), "session.txt")
