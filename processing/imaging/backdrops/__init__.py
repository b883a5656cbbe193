"""Backdrops made by calculation: one file per style; styles.py lists them without loading numpy."""
