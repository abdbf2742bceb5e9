"""The long tests: `make soak` runs the modules named soak_*, which the suite leaves out."""
