"""Engines and durability: the store that is the truth, the indexes made from it, and how they are published."""
