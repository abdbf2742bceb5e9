"""The catalogue for people: what its pages say, that nothing in them is alive, and that its calls work."""
