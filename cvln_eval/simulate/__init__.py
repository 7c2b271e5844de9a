"""Data-generating processes with known truth, and the untidy raw files made from them.

Everything these functions make is simulated: no person, school, district or outcome in it is real.
"""
