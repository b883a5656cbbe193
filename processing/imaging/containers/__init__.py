"""How image files are built, read byte by byte: what a file says of itself before any decoder may work on it."""
