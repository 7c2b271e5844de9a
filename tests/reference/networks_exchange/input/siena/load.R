# Simulated data.
# 5 actors; waves: 1 is 1, 2 is 2, 3 is 3.
# Run it in the folder of this file. Matrices have 0 and 1, NA where it is not known, 10 where one
# of the two was not on the roster of the wave, 11 where a tie is given by design.
library(RSiena)

matrix_of <- function(file) unname(as.matrix(read.csv(file, check.names = FALSE)[, -1]))

advice <- sienaDependent(array(c(
  matrix_of("network_advice_1.csv"),
  matrix_of("network_advice_2.csv"),
  matrix_of("network_advice_3.csv")
), dim = c(5, 5, 3)))
team_id <- coCovar(matrix_of("covariate_team_id.csv")[, 1])
tenure_years <- varCovar(matrix_of("covariate_tenure_years.csv")[, -3, drop = FALSE])

# Who was not there is coded by structural zeros. RSiena's other way, intervals of presence, is in
# composition.txt; use one of the two, and with intervals read each 10 as 0 first:
# composition <- sienaCompositionChangeFromFile("composition.txt")

siena <- sienaDataCreate(advice, team_id, tenure_years)
print(siena)
