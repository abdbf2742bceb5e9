"""`make corpora DIR=...`: real plans and schemas, generated, type-checked and sent; figures are printed."""
