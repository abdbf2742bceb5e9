"""The tables of the collector's file.

Good and rejected calls are one sequence. `meta.last` is the counter behind everything that can be resumed: a
new call takes the next number as its `seq`, a repeat gives it to the first call as its `revision`, and
clearing takes one as `meta.cleared`; so a reader that knows a number can ask for all that changed since.
`meta.epoch` tells this file's numbers from another's.
`received` is in microseconds since 1970; `issues` is a JSON list or NULL.
"""

from __future__ import annotations

__all__ = ["SCHEMA", "VERSION"]

VERSION = 2

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS calls (
    seq INTEGER PRIMARY KEY,
    revision INTEGER, accepted INTEGER NOT NULL,
    entity_gid TEXT, message_id TEXT, test_id TEXT NOT NULL,
    type TEXT, event TEXT, user_id TEXT, anonymous_id TEXT,
    received INTEGER NOT NULL, repeats INTEGER NOT NULL DEFAULT 0, request INTEGER,
    issues TEXT, body TEXT, raw TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS calls_once ON calls (message_id, entity_gid, test_id) WHERE accepted;
CREATE INDEX IF NOT EXISTS calls_by_type ON calls (type, seq);
CREATE INDEX IF NOT EXISTS calls_by_event ON calls (event, seq);
CREATE INDEX IF NOT EXISTS calls_by_user ON calls (user_id, seq);
CREATE INDEX IF NOT EXISTS calls_by_anonymous ON calls (anonymous_id, seq) WHERE anonymous_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS calls_by_test ON calls (test_id, seq) WHERE test_id <> '';
CREATE INDEX IF NOT EXISTS calls_rejected ON calls (seq) WHERE NOT accepted;
CREATE INDEX IF NOT EXISTS calls_warned ON calls (seq) WHERE accepted AND issues IS NOT NULL;
CREATE INDEX IF NOT EXISTS calls_revised ON calls (revision) WHERE revision IS NOT NULL;
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, method TEXT NOT NULL, path TEXT NOT NULL, headers TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS minutes (
    minute INTEGER NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (minute, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO meta VALUES ('last', 0), ('cleared', 0), ('epoch', abs(random() % 1000000000));
PRAGMA user_version = {VERSION};
COMMIT;
"""  # noqa: S608 - the one value is the number above
