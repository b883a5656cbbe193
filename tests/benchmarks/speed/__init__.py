"""`make bench`: this product over its HTTP API, its peers, and the bare pipeline and network, in one run."""
