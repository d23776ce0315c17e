"""E-books: web pages in a zip, in the order of their spine, with notes that may stand in another file."""
