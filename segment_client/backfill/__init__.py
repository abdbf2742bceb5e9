"""`segment-client backfill`: archives of events, validated by Spark, into Parquet or ClickHouse.

The steps: archives > parts > records > judged > output > journal. A part is done when the journal says
so; one that was killed before that is done again, into the same files, or with the same tokens of inserts.
It needs the extra `spark`, and for ClickHouse `clickhouse`.
"""
