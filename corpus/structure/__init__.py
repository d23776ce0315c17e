"""Structure detectors: small, separate, one kind of structure a file; unsure means leave the text alone."""
