"""Enlarging pictures. It loads numpy and OpenCV."""
