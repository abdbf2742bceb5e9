"""Laws: what a generated package accepts is what the source schema accepts, by an independent validator."""
