# Reference values of networks.meetings, from igraph and survival. Run in this folder: Rscript make.R
library(igraph)
library(survival)
set.seed(7)
came <- matrix(runif(12 * 8) < .4, 12, 8, dimnames = list(letters[1:12], paste0("s", 1:8)))
came[12, ] <- FALSE  # somebody who came to nothing
came[, 8] <- FALSE; came[3, 8] <- TRUE  # a session of one
listed <- which(came, arr.ind = TRUE)
write.csv(data.frame(session_id = colnames(came)[listed[, 2]], person_id = rownames(came)[listed[, 1]]),
  "input.csv", row.names = FALSE, quote = FALSE)

two_mode <- graph_from_incidence_matrix(came * 1)
projected <- bipartite_projection(two_mode, which = "false")
ends <- as_edgelist(projected)
alone <- came[, colSums(came) > 1] * 1
newman <- alone %*% diag(1 / (colSums(alone) - 1)) %*% t(alone)
write.csv(data.frame(person_id = pmin(ends[, 1], ends[, 2]), other_person_id = pmax(ends[, 1], ends[, 2]),
  n_sessions_together = E(projected)$weight, newman_weight = newman[ends]),
  "expected_pairs.csv", row.names = FALSE, quote = FALSE)

# Replies: who is reached from two facilitators, along ties, against them and either way.
sender <- sample(letters, 30, TRUE); receiver <- sample(letters, 30, TRUE)
kept <- sender != receiver & !duplicated(paste(sender, receiver))
replies <- data.frame(sender_id = sender[kept], receiver_id = receiver[kept])
write.csv(replies, "input_replies.csv", row.names = FALSE, quote = FALSE)
graph <- graph_from_data_frame(replies, vertices = letters)
steps <- function(mode) apply(distances(graph, v = c("a", "b"), mode = mode), 2, min)
found <- data.frame(person_id = letters, n_steps_out = steps("out"), n_steps_in = steps("in"), n_steps_either = steps("all"))
found[found == Inf] <- NA
write.csv(found[!(found$person_id %in% c("a", "b")), ], "expected_steps.csv", row.names = FALSE, quote = FALSE, na = "")

# Response times: posts of one wave of 40 days, each perhaps answered.
n <- 60
at <- sort(round(runif(n, 0, 35 * 24), 1))
wait <- round(rexp(n, 1 / 150), 1)
posts <- data.frame(activity_id = paste0("p", 1:n), hour = at, wait = wait, seen = 40 * 24 - at)
posts$answered <- as.integer(posts$wait < posts$seen)
write.csv(posts[c("activity_id", "hour", "wait", "answered")], "input_posts.csv", row.names = FALSE, quote = FALSE)
fit <- survfit(Surv(pmin(wait, seen), answered) ~ 1, posts, conf.type = "log-log")
median <- quantile(fit, .5); week <- summary(fit, times = c(24, 168))
write.csv(data.frame(measure = c("median_hours", "share_answered_in_a_day", "share_answered_in_a_week"),
  estimate = c(median$quantile, 1 - week$surv), conf_low = c(median$lower, 1 - week$upper),
  conf_high = c(median$upper, 1 - week$lower)), "expected_times.csv", row.names = FALSE, quote = FALSE)

writeLines(c(R.version.string, paste("igraph", packageVersion("igraph")), paste("survival", packageVersion("survival"))),
  "session.txt")
