# Reference values for scores, reliability and items of a scale, from simulated answers.
suppressMessages(library(psych))
options(digits = 15, warn = -1)
set.seed(20110613)

# 60 people, five items in five categories, nine answers missing.
n <- 60
trait <- rnorm(n)
five <- sapply(c(.8, .7, .6, .5, .4), function(l) {
  findInterval(l * trait + sqrt(1 - l^2) * rnorm(n), c(-1.5, -.6, .3, 1.2)) + 1
})
five[cbind(c(1, 2, 3, 3, 9, 20, 31, 44, 44), c(1, 2, 3, 4, 5, 1, 2, 5, 4))] <- NA
five <- as.data.frame(five)
names(five) <- paste0("a", 1:5)

# 300 people, nine items, three groups under one general factor.
m <- 300
general <- rnorm(m)
groups <- replicate(3, rnorm(m))
nine <- sapply(1:9, function(i) {
  g <- c(.6, .5, .7, .6, .5, .6, .5, .6, .4)[i]
  s <- c(.4, .5, .3, .5, .5, .4, .5, .4, .6)[i]
  findInterval(g * general + s * groups[, ceiling(i / 3)] + sqrt(1 - g^2 - s^2) * rnorm(m),
               c(-1.4, -.5, .4, 1.3)) + 1
})
nine <- as.data.frame(nine)
names(nine) <- paste0("b", 1:9)
write.csv(five, "five.csv", row.names = FALSE, na = "", quote = FALSE)
write.csv(nine, "nine.csv", row.names = FALSE, na = "", quote = FALSE)

out <- list()
put <- function(topic, name, value) {
  out[[length(out) + 1]] <<- data.frame(topic = topic, name = name, value = unlist(value, use.names = FALSE))
}
quiet <- function(call) { utils::capture.output(value <- suppressMessages(call)); value }

for (rule in c("listwise", "pairwise")) {
  a <- quiet(psych::alpha(if (rule == "listwise") na.omit(five) else five))
  put(rule, c("alpha", "standardised alpha"), a$total[c("raw_alpha", "std.alpha")])
}
stats <- a$item.stats
for (column in c("n", "raw.r", "r.drop", "mean", "sd")) put(column, rownames(stats), stats[[column]])
put("alpha.drop", rownames(a$alpha.drop), a$alpha.drop$raw_alpha)
k <- 5
put("available", "alpha", k / (k - 1) * (1 - sum(stats$sd^2) / (k * a$total$sd)^2))
z <- quiet(psych::alpha(as.data.frame(scale(five))))
put("available", "standardised alpha",
    k / (k - 1) * (1 - sum(z$item.stats$sd^2) / (k * z$total$sd)^2))
put("feldt", c("low", "high"), psych::alpha.ci(.8, 41, 5, digits = 10)[c("lower.ci", "upper.ci")])
put("feldt 90", c("low", "high"),
    psych::alpha.ci(.35, 12, 3, p.val = .10, digits = 10)[c("lower.ci", "upper.ci")])

keys <- list(five = names(five))
scored <- quiet(psych::scoreItems(keys, five, impute = "none", min = 1, max = 5))
put("scores", as.character(seq_len(n)), scored$scores[, 1])

one <- quiet(psych::omega(nine[, 1:4], nfactors = 1, plot = FALSE))
put("omega one", "total", one$omega.tot)
f <- quiet(psych::fa(nine[, 1:4], 1, fm = "minres"))
put("loadings one", rownames(f$loadings), f$loadings[, 1])
three <- quiet(psych::omega(nine, nfactors = 3, plot = FALSE))
put("omega three", c("hierarchical", "total"), three[c("omega_h", "omega.tot")])
put("general", rownames(three$schmid$sl), three$schmid$sl[, "g"])
put("communality", rownames(three$schmid$sl), three$schmid$sl[, "h2"])
two <- quiet(psych::omega(nine[, 1:6], nfactors = 2, plot = FALSE))
put("omega two", c("hierarchical", "total"), two[c("omega_h", "omega.tot")])
put("general two", rownames(two$schmid$sl), two$schmid$sl[, "g"])

rho <- quiet(psych::polychoric(nine[, 1:4], correct = 0))$rho
colnames(rho) <- rownames(rho) <- names(nine)[1:4]
write.csv(rho, "polychoric.csv", quote = FALSE)
put("ordinal", "alpha", quiet(psych::alpha(rho))$total$raw_alpha)

expected <- do.call(rbind, out)
expected$value <- formatC(expected$value, digits = 15, format = "g")
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
info <- sessionInfo()
packages <- c(info$otherPkgs, info$loadedOnly)
lines <- sort(vapply(packages, function(p) paste(p$Package, p$Version), ""))
writeLines(c(R.version.string, unname(lines)), "session.txt")
