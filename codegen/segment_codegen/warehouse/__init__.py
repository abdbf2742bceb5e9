"""What the warehouse is told of an event: columns are planned once, and each output is written from them."""
