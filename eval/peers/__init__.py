"""Other systems in their documented defaults, with the same weights, on the same questions.

Each runs in a process and an environment of its own. What is beside this file and called like a peer knows
nothing of this program: a class `Peer(documents, weights, depth)` with `passages` and `ask`.
"""
