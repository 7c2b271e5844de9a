"""Public data-generating processes with known truth, and the untidy raw files made from them."""
