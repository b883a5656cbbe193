"""Backups: a consistent copy of every row, every image and, where it is wanted, the keys; and the way back.

A backup folder holds `files/`, the images of all backups under their SHA-256, and one folder for each backup with its
rows, the list of its images and `manifest.json`. A folder without a manifest is none.
"""
