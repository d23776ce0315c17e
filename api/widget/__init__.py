"""The chat widget: its browser code, and the build that makes one file of it."""
