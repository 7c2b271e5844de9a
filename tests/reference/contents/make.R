# Reference values for consensus, co-occurrence and paired differences. Run in this folder:
#   Rscript make.R
# Base R only: friedman.test, fisher.test, p.adjust, t.test, cor.

values <- read.csv("values.csv")
m <- as.matrix(values[, -1])
rows <- list()
add <- function(what, at, value) rows[[length(rows) + 1]] <<- data.frame(what, at, value)

test <- friedman.test(m)
add("friedman_chi2", "all", unname(test$statistic))
add("friedman_p", "all", test$p.value)
add("kendall_w", "all", unname(test$statistic) / (nrow(m) * (ncol(m) - 1)))
for (i in seq_len(nrow(m))) {
  others <- colMeans(m[-i, , drop = FALSE])
  add("profile_r", values$person_id[i], cor(m[i, ], others))
  add("distance", values$person_id[i], mean(abs(m[i, ] - others)))
}

themes <- read.csv("themes.csv")
names <- colnames(themes)[-1]
pairs <- combn(names, 2)
p <- apply(pairs, 2, function(k) fisher.test(table(
  factor(themes[[k[1]]], 0:1), factor(themes[[k[2]]], 0:1)))$p.value)
adjusted <- p.adjust(p, "holm")
for (i in seq_along(p)) {
  at <- paste(pairs[1, i], pairs[2, i])
  add("fisher_p", at, p[i])
  add("holm_p", at, adjusted[i])
  add("phi", at, cor(themes[[pairs[1, i]]], themes[[pairs[2, i]]]))
}

practices <- read.csv("practices.csv")
for (name in c("talk", "visit", "plan")) {
  found <- t.test(practices[[paste0("a_", name)]], practices[[paste0("b_", name)]], paired = TRUE)
  add("difference", name, unname(found$estimate))
  add("conf_low", name, found$conf.int[1])
  add("conf_high", name, found$conf.int[2])
  add("t_p", name, found$p.value)
}
out <- do.call(rbind, rows)
out$value <- sprintf("%.15g", out$value)
write.csv(out, "expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("stats", packageVersion("stats"))), "session.txt")
