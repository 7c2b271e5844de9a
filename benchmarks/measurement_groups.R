# Seconds that multilevel takes; called by measurement_groups.py with the folder of the data.
suppressMessages(library(multilevel))
folder <- commandArgs(TRUE)[1]
seconds <- function(code) system.time(code)[["elapsed"]]
many <- read.csv(file.path(folder, "many.csv"))
few <- read.csv(file.path(folder, "few.csv"))
items <- paste0("t", 1:5)
found <- rwg.j(many[items], many$team_id, ranvar = 2)
write.csv(found, file.path(folder, "rwg_j.csv"), row.names = FALSE)
rwg_j <- seconds(rwg.j(many[items], many$team_id, ranvar = 2))
deviations <- seconds({
  ad.m(many[items], many$team_id)
  ad.m(many[items], many$team_id, type = "median")
})
icc <- seconds({
  fit <- aov(rowMeans(few[items]) ~ factor(few$team_id))
  coefficients <- c(ICC1(fit), ICC2(fit))
})
cat(sprintf('{"rwg_j": %f, "deviations": %f, "icc": %f, "icc_2": %.12f}\n',
  rwg_j, deviations, icc, coefficients[2]))
