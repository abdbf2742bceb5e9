"""What is generated for the warehouse."""
