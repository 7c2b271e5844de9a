"""Raw tables to tidy tables, with every row and every cell accounted for."""
