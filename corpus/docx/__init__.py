"""Word documents: styled and numbered paragraphs, tables, notes, as they read when changes are accepted."""
