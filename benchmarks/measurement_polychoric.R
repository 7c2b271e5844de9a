# Times psych::polychoric on answers.csv of a folder; writes psych.csv there and prints the seconds.
suppressMessages(library(psych))
folder <- commandArgs(trailingOnly = TRUE)[1]
answers <- read.csv(file.path(folder, "answers.csv"))
seconds <- system.time(found <- polychoric(answers, smooth = FALSE, progress = FALSE))[["elapsed"]]
write.csv(found$rho, file.path(folder, "psych.csv"), row.names = FALSE)
cat(sprintf('{"seconds": %.4f}\n', seconds))
