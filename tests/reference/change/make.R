# Reference values of change between two waves, from stats, metafor and clubSandwich.
# Run in this folder: Rscript make.R
suppressMessages({library(metafor); library(clubSandwich)})
set.seed(20094)

# 31 people in five teams that change together: scores without ties ("fine"), on a scale of 1 to 5
# with ties and changes of 0 ("coarse"), and 260 people, more than exact tests take ("many").
draw <- function(sizes, digits) {
  team <- rep(seq_along(sizes), sizes)
  first <- rnorm(length(team), 3, 0.6)
  last <- first + rnorm(length(sizes), 0.3, 0.3)[team] + rnorm(length(team), 0, 0.5)
  data.frame(team_id = LETTERS[team], first = round(first, digits), last = round(last, digits))
}
tables <- list(fine = draw(c(4, 5, 6, 7, 9), 4), coarse = draw(c(4, 5, 6, 7, 9), 0),
  many = draw(c(40, 50, 60, 50, 60), 1))
pairs <- do.call(rbind, lapply(names(tables), function(name) {
  data.frame(scale = name, person_id = sprintf("p%03d", seq_len(nrow(tables[[name]]))), tables[[name]])
}))
write.csv(pairs, "pairs.csv", row.names = FALSE, quote = FALSE)

# The limits of delta at which d sqrt(n) lies at a tail of the noncentral t.
noncentral <- function(d, n) {
  t <- d * sqrt(n)
  at <- function(p) uniroot(function(ncp) suppressWarnings(pt(t, n - 1, ncp)) - p, t + c(-6, 6),
    tol = 1e-12)$root / sqrt(n)
  c(at(0.975), at(0.025))
}

values <- function(name) {
  x <- tables[[name]]$first; y <- tables[[name]]$last; team <- tables[[name]]$team_id
  change <- round(y - x, 6); n <- length(x)
  paired <- t.test(y, x, paired = TRUE)
  fit <- lm(change ~ 1, data = data.frame(change))
  robust <- coef_test(fit, vcov = vcovCR(fit, cluster = team, type = "CR2"), test = "Satterthwaite")
  ends <- conf_int(fit, vcov = vcovCR(fit, cluster = team, type = "CR2"), test = "Satterthwaite")
  means <- t.test(tapply(change, team, mean))
  smd <- function(measure, sd1, sd2) escalc(measure, m1i = mean(y), m2i = mean(x), sd1i = sd1,
    sd2i = sd2, ni = n, ri = cor(x, y))
  z <- smd("SMCC", sd(y), sd(x)); r <- smd("SMCR", sd(x), sd(y)); h <- smd("SMCRH", sd(x), sd(y))
  limits <- noncentral(mean(change) / sd(change), n)
  up <- sum(change > 0); moved <- sum(change != 0)
  sign <- binom.test(up, moved)
  ranked <- suppressWarnings(wilcox.test(change, conf.int = TRUE, exact = name == "fine"))
  high_x <- x >= 3.5; high_y <- y >= 3.5
  crossed <- c(sum(!high_x & high_y), sum(high_x & !high_y))
  c(n = n, change = unname(paired$estimate), t = unname(paired$statistic), p = paired$p.value,
    low = paired$conf.int[1], high = paired$conf.int[2],
    cr2_se = robust$SE, cr2_df = robust$df, cr2_p = robust$p_Satt, cr2_low = ends$CI_L,
    cr2_high = ends$CI_U, means = unname(means$estimate), means_low = means$conf.int[1],
    means_high = means$conf.int[2], means_p = means$p.value,
    smcc = z$yi, smcc_v = z$vi, smcr = r$yi, smcr_v = r$vi, smcrh = h$yi, smcrh_v = h$vi,
    nct_low = limits[1], nct_high = limits[2],
    up = up, moved = moved, sign_p = sign$p.value, sign_low = sign$conf.int[1],
    sign_high = sign$conf.int[2],
    V = unname(ranked$statistic), V_p = ranked$p.value, hl = unname(ranked$estimate),
    hl_low = ranked$conf.int[1], hl_high = ranked$conf.int[2],
    n_up = crossed[1], n_down = crossed[2],
    mcnemar_p = if (sum(crossed)) binom.test(crossed[1], sum(crossed))$p.value else NA)
}
expected <- do.call(rbind, lapply(names(tables), function(name) {
  found <- values(name)
  data.frame(scale = name, label = names(found), value = unname(found))
}))
expected$value <- formatC(expected$value, digits = 15, format = "g")
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)

p <- c(0.04, 0.01, 0.5, 0.01, NA, 0.2, 0.0004, 0.03)
write.csv(data.frame(p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH")), "adjusted.csv",
  row.names = FALSE, quote = FALSE, na = "")

writeLines(c(R.version.string, paste("metafor", packageVersion("metafor")),
  paste("clubSandwich", packageVersion("clubSandwich"))), "session.txt")
