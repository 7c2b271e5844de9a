# Reference values of inference.timing, from survival and clubSandwich. Run in this folder: Rscript make.R
library(survival)
library(clubSandwich)
set.seed(20)
n <- 90
input <- data.frame(milestone_id = sprintf("M%02d", 1:n), cluster_id = sprintf("C%d", rep(1:9, each = 10)))
input$planned_by <- ifelse((1:n) %% 10 %in% c(1, 2, 3, 4), "pair", "alone")
effect <- rep(rnorm(9, 0, .3), each = 10)
latent <- rweibull(n, 1.5, 80 * exp(-effect - .4 * (input$planned_by == "pair")))
seen <- runif(n, 40, 160)
input$days <- ceiling(pmin(latent, seen) / 5) * 5  # rounded, so that there are ties
input$reached <- as.integer(latent <= seen)
input$on_time <- ifelse(runif(n) < .05, NA, as.integer(latent < 70))
input$hours_saved <- ifelse(input$reached == 1 & runif(n) > .1, round(exp(rnorm(n, 2 + effect, .6)), 1), NA)
write.csv(input, "input.csv", row.names = FALSE, quote = FALSE, na = "")

curve <- summary(survfit(Surv(days, reached) ~ planned_by, input, conf.type = "log-log"))
steps <- data.frame(group = sub("planned_by=", "", curve$strata), days = curve$time, n_at_risk = curve$n.risk,
  n_reached = curve$n.event, share_open = curve$surv, conf_low = curve$lower, conf_high = curve$upper)
write.csv(format(steps, digits = 15), "expected_curve.csv", row.names = FALSE, quote = FALSE)

rows <- list()
add <- function(quantity, group, value) rows[[length(rows) + 1]] <<- data.frame(quantity, group, value)
tau <- min(tapply(input$days, input$planned_by, max))
add("tau", "", tau)
for (group in c("alone", "pair")) {
  fit <- survfit(Surv(days, reached) ~ 1, input[input$planned_by == group, ], conf.type = "log-log")
  median <- quantile(fit, .5)
  add("median", group, median$quantile); add("median_low", group, median$lower); add("median_high", group, median$upper)
  mean <- survival:::survmean(fit, rmean = tau)$matrix
  add("restricted_mean", group, mean["rmean"]); add("restricted_mean_error", group, mean["se(rmean)"])
}
add("log_rank", "", survdiff(Surv(days, reached) ~ planned_by, input)$chisq)
cox <- coxph(Surv(days, reached) ~ planned_by, input, ties = "breslow", cluster = cluster_id)
add("log_hazard_ratio", "", coef(cox)); add("lin_wei", "", sqrt(vcov(cox)[1, 1]))
logs <- sapply(unique(input$cluster_id), function(one)
  coef(coxph(Surv(days, reached) ~ planned_by, input[input$cluster_id != one, ], ties = "breslow")))
add("jackknife", "", sqrt(8 / 9 * sum((logs - coef(cox))^2)))
for (y in c("on_time", "hours_saved")) {
  kept <- input[!is.na(input[[y]]), ]
  for (group in c("alone", "pair", "pair - alone")) {
    own <- if (group == "pair - alone") kept else kept[kept$planned_by == group, ]
    formula <- as.formula(paste(y, if (group == "pair - alone") "~ planned_by" else "~ 1"))
    fit <- lm(formula, own)
    test <- coef_test(fit, vcov = vcovCR(fit, own$cluster_id, "CR2"), test = "Satterthwaite")
    last <- test[nrow(test), ]
    add(paste0(y, "_estimate"), group, last$beta); add(paste0(y, "_error"), group, last$SE)
    add(paste0(y, "_df"), group, last$df_Satt)
  }
}
expected <- do.call(rbind, rows)
expected$value <- format(expected$value, digits = 15)
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
info <- sapply(c("survival", "clubSandwich"), function(p) as.character(packageVersion(p)))
writeLines(c(R.version.string, paste(names(info), info)), "session.txt")
