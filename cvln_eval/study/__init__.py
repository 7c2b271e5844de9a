"""A study: its definition, codebook, schemas, ledger and tidy tables."""
