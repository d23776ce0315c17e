"""PDF: glyphs to lines, lines to columns and blocks, and what these are."""
