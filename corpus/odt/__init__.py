"""OpenDocument texts: headings by their outline level, lists as they are counted, tables, notes."""
