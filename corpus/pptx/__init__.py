"""Presentations: slides in their order, each a page; titles as headings, tables, what speakers noted."""
