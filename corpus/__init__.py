"""Documents in: bytes of a file become a document with provenance, and the document becomes passages."""
