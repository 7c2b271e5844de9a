"""Who takes part: rosters, flows, attendance, coaching dose, sessions held."""
