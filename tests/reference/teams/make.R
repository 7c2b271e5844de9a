# Reference values of agreement within teams, from multilevel and psych.
# Run in this folder: Rscript make.R
suppressMessages({library(multilevel); library(psych)})
set.seed(20081)

# Five teams of 7 to 11, one person alone, and a team in two camps (more variance than the null).
sizes <- c(Ash = 7, Birch = 8, Cedar = 8, Elm = 9, Fir = 11, Lone = 1, Split = 6)
team_id <- rep(names(sizes), sizes)
level <- rnorm(length(sizes), 3.6, 0.5)[rep(seq_along(sizes), sizes)]
person <- rnorm(length(team_id), 0, 0.6)
answers <- sapply(1:4, function(j) round(level + person + rnorm(length(team_id), 0, 0.7)))
answers <- pmin(pmax(answers, 1), 5)
answers[team_id == "Split", ] <- rep(c(1, 5, 1, 5, 1, 5), 4)
colnames(answers) <- paste0("t", 1:4)
answers <- data.frame(team_id, answers)
answers$t2[c(3, 20)] <- NA
write.csv(answers, "answers.csv", row.names = FALSE, quote = FALSE, na = "")

items <- paste0("t", 1:4)
full <- na.exclude(answers)
teams <- data.frame(
  rwg.j(answers[items], answers$team_id, ranvar = 2),
  rwg_j_slight_skew = rwg.j(answers[items], answers$team_id, ranvar = 1.34)$rwg.j,
  rwg_t1 = rwg(full$t1, full$team_id, ranvar = 2)$rwg,
  ad_mean = ad.m(answers[items], answers$team_id)$AD.M,
  ad_median = ad.m(answers[items], answers$team_id, type = "median")$AD.M
)
names(teams)[1:3] <- c("team_id", "rwg_j", "n")
write.csv(teams, "teams.csv", row.names = FALSE, quote = FALSE, na = "")

# ICCs: unequal teams (with the person alone), and the first seven of the five teams.
mixed <- function(table, label) {
  score <- rowMeans(table[items])
  fit <- aov(score ~ factor(team_id), data = table)
  squares <- summary(fit)[[1]]
  n <- as.numeric(table(table$team_id))
  n0 <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  b <- squares[1, 3]; w <- squares[2, 3]
  by <- statsBy(data.frame(score, t1 = table$t1, group = as.numeric(factor(table$team_id))), "group")
  data.frame(
    label, n = sum(n), n_teams = length(n), between = b, within = w,
    statistic = squares[1, 4], df1 = squares[1, 1], df2 = squares[2, 1], p_value = squares[1, 5],
    n_typical = n0, icc_1_n0 = (b - w) / (b + (n0 - 1) * w),
    icc_1_multilevel = ICC1(fit), icc_2_multilevel = ICC2(fit),
    icc_1_psych = by$ICC1[[1]], icc_2_psych = by$ICC2[[1]]
  )
}
five <- full[!full$team_id %in% c("Lone", "Split"), ]
even <- do.call(rbind, lapply(split(five, five$team_id), head, 6))
write.csv(even, "even.csv", row.names = FALSE, quote = FALSE)
icc <- rbind(mixed(full, "unequal"), mixed(five, "five"), mixed(even, "even"))
write.csv(icc, "icc.csv", row.names = FALSE, quote = FALSE)

# Intervals for equal teams: psych's one-way ICC of a teams-by-members table.
wide <- t(sapply(split(rowMeans(even[items]), even$team_id), identity))
intervals <- ICC(wide, missing = FALSE, lmer = FALSE)$results[c("Single_raters_absolute",
  "Average_raters_absolute"), c("ICC", "lower bound", "upper bound")]
names(intervals) <- c("estimate", "conf_low", "conf_high")
intervals$quantity <- c("ICC(1)", "ICC(2)")
write.csv(intervals, "intervals.csv", row.names = FALSE, quote = FALSE)

# Critical values of teams that answer at random, uniform over 1 to 5.
critical <- data.frame(
  n = c(7, 8, 9, 11),
  rwg = sapply(c(7, 8, 9, 11), function(n) rwg.sim(n, 5, 20000)$rwg.95[1])
)
write.csv(critical, "critical.csv", row.names = FALSE, quote = FALSE)
correlations <- cor(full[items])
known <- sort(rwg.j.sim(8, 4, 5, itemcors = correlations, nrep = 20000)$rwg)
write.csv(data.frame(
  share = c(0.5, 0.9, 0.95, 0.99), rwg_j = quantile(known, c(0.5, 0.9, 0.95, 0.99))
), "random_rwg_j.csv", row.names = FALSE, quote = FALSE)
five_item <- five$t1
random <- rgr.agree(five_item, five$team_id, 20000)
write.csv(data.frame(observed = random$AvGrpVar, random = random$AvRGRVar), "rgr.csv",
  row.names = FALSE, quote = FALSE)

writeLines(c(R.version.string, paste("multilevel", packageVersion("multilevel")),
  paste("psych", packageVersion("psych"))), "session.txt")
