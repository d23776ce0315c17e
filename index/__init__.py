"""Engines and durability: the store that is the truth, the indexes made from it, how they are published."""
