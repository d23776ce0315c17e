"""Rich Text Format: paragraphs by styles and outline levels, labels of lists as printed, tables, notes."""
