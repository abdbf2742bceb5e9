"""`segment-client backfill`, but for what needs Spark: that is in tests.warehouse."""
