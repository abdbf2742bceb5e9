"""`segment-client backfill`: archives of events, validated by many processes of Spark, into Parquet.

The steps: archives > parts > records > judged > Parquet > journal. A part is done when the journal says
so; one that was killed before that is done again, into the same files. It needs the extra `spark`.
"""
