"""Proof: evaluation sets, measures, and the runs that print them."""
