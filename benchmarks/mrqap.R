# Seconds of sna for the networks of mrqap.py: Rscript mrqap.R FOLDER TIMES TIMES_LOGISTIC
suppressMessages(library(sna))
given <- commandArgs(trailingOnly = TRUE)
y <- as.matrix(read.csv(file.path(given[1], "y.csv"), header = FALSE))
n <- nrow(y)
x <- array(0, c(3, n, n))
for (k in 1:3) x[k, , ] <- as.matrix(read.csv(file.path(given[1], paste0("x", k, ".csv")), header = FALSE))
times <- as.integer(given[2:3])
linear <- system.time(f <- netlm(y, x, nullhyp = "qapspp", reps = times[1]))[["elapsed"]]
logistic <- system.time(g <- netlogit((y > 0) * 1, x, nullhyp = "qapspp", reps = times[2]))[["elapsed"]]
cat(sprintf('{"linear": %f, "logistic": %f, "t": [%s], "b": [%s]}\n', linear / times[1], logistic / times[2],
  paste(format(f$tstat, digits = 15), collapse = ", "), paste(format(g$coefficients, digits = 15), collapse = ", ")))
