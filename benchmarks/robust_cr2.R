# Seconds that clubSandwich takes for CR2 with Satterthwaite df of the rows of a file, and the peak
# of its memory in megabytes; writes its coefficients beside the file.
suppressMessages(library(clubSandwich))
folder <- commandArgs(trailingOnly = TRUE)[1]
rows <- read.csv(file.path(folder, "rows.csv"))
invisible(gc(reset = TRUE))
seconds <- system.time({
  fit <- lm(reformulate(setdiff(names(rows), c("y", "team_id")), "y"), rows)
  found <- coef_test(fit, vcov = "CR2", cluster = rows$team_id, test = "Satterthwaite")
})[["elapsed"]]
write.csv(data.frame(std_error = found$SE, df = found$df_Satt),
  file.path(folder, "clubsandwich.csv"), row.names = FALSE)
cat(sprintf('{"seconds": %.3f, "megabytes": %.0f}\n', seconds, sum(gc()[, 6])))
