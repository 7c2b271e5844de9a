# CPU seconds that lme4 and lmerTest take; called by mixed_three_levels.py with the folder of the data.
suppressMessages(library(lmerTest))
d <- read.csv(file.path(commandArgs(TRUE)[1], "panel.csv"))
model <- trust ~ time + hours + (1 | team_id) + (1 + time | person_id)
cpu <- function(run) sum(system.time(suppressWarnings(run()))[c("user.self", "sys.self")])
best <- function(run) min(replicate(3, cpu(run)))
lme4 <- best(function() lme4::lmer(model, d))
tested <- best(function() coef(summary(lmerTest::lmer(model, d))))
m <- suppressWarnings(lmerTest::lmer(model, d))
s <- coef(summary(m))
cat(sprintf('{"lme4": %f, "tested": %f, "deviance": %.9f, "estimate": %.12f, "df": %.9f}\n',
  lme4, tested, -2 * as.numeric(logLik(m)), s["time", "Estimate"], s["time", "df"]))
