"""Marketplace rules: profiles are data, each rule is one file, and both are read without loading numpy or OpenCV."""
