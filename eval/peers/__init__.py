"""Other systems in their documented defaults, with the same weights, on the same questions; extras."""
