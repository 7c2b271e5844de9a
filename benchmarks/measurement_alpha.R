# Seconds that psych::alpha takes for one resample: the mean of `times`, on the answers of a file.
suppressMessages(library(psych))
arguments <- commandArgs(trailingOnly = TRUE)
answers <- read.csv(arguments[1])
times <- as.integer(arguments[2])
set.seed(1)
seconds <- system.time(for (i in seq_len(times)) {
  resample <- answers[sample.int(nrow(answers), replace = TRUE), ]
  suppressMessages(utils::capture.output(suppressWarnings(psych::alpha(resample))))
})["elapsed"]
cat(seconds / times, "\n")
