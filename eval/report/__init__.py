"""Reports: results as one file that people look at."""
