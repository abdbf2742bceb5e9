"""Writes how ClickHouse reads the topics of Kafka: a table for each topic, and views that fill the tables."""

from __future__ import annotations

from .clickhouse import WINDOW, identifier, text
from .columns import Column, Table
from .messages import extracted, is_checked, message_type

__all__ = ["create_readers", "create_rejected"]

_ERROR = ("path", "message", "type")
"""What is said of each error: where it is, what is wrong, and in a word why."""

_REJECTED = (
    ("received_at", "DateTime64(6, 'UTC')", "When it was received."),
    ("errors.path", "Array(String)", "Where each error is, as a JSON pointer or a field's name."),
    ("errors.message", "Array(String)", "What is wrong there."),
    ("errors.type", "Array(LowCardinality(String))", "The kind of the error."),
    ("raw", "String", "What was received, as it was."),
)


def create_rejected(table: Table) -> str:
    """Answer the statement that makes the table of what was rejected."""
    columns = ",\n".join(
        f"    {identifier(name)} {type_} COMMENT {text(doc)}" for name, type_, doc in _REJECTED
    )
    return (
        f"CREATE TABLE IF NOT EXISTS {identifier(_rejected(table))}\n(\n{columns}\n)\n"
        "ENGINE = MergeTree\n"
        "PARTITION BY toYYYYMM(received_at)\n"
        "ORDER BY received_at\n"
        f"SETTINGS non_replicated_deduplication_window = {WINDOW}\n"
        "COMMENT 'What was received and is no event that the table could hold.';\n"
    )


def create_readers(table: Table) -> str:
    """Answer the statements that read the topic of events and that of what was rejected.

    The brokers and the rights are in a named collection, which is made by hand. A message that is no event
    goes where what was rejected does: nothing is left out in silence.
    """
    events, rejected = table.name, _rejected(table)
    return "\n".join(
        (
            _topic(table, events, events),
            _view(f"{events}_from_topic", events, _events(table)),
            _view(f"{events}_refused", rejected, _refused(table)),
            _topic(table, rejected, f"{events}.rejected"),
            _view(f"{rejected}_from_topic", rejected, _passed_on(table)),
        )
    )


def _rejected(table: Table) -> str:
    return f"{table.name}_rejected"


def _topic(table: Table, name: str, topic: str) -> str:
    return (
        f"CREATE TABLE IF NOT EXISTS {identifier(f'{name}_topic')}\n"
        "(\n    `_message` String COMMENT 'A message of the topic, as it is.'\n)\n"
        f"ENGINE = Kafka({identifier(f'{table.name}_kafka')})\n"
        f"SETTINGS kafka_topic_list = {text(topic)}, kafka_group_name = {text(f'clickhouse_{name}')},\n"
        "    kafka_format = 'JSONAsString', kafka_handle_error_mode = 'stream';\n"
    )


def _view(name: str, target: str, select: str) -> str:
    return (
        f"CREATE MATERIALIZED VIEW IF NOT EXISTS {identifier(name)} TO {identifier(target)} AS\n{select};\n"
    )


def _events(table: Table) -> str:
    """Answer the select of the rows; it parses a message once, and inside, where that is named once too."""
    columns = ",\n".join(f"    {extracted(table, each)} AS {identifier(each.name)}" for each in table.columns)
    given = "\n    AND ".join(f"isNotNull({_parsed(each)})" for each in table.columns if is_checked(each))
    source = _source(table, message_type(table.columns))
    return f"SELECT\n{columns}\nFROM\n{source}\nWHERE _error = ''\n    AND {given}"


def _refused(table: Table) -> str:
    """Answer the select of what is no row: of the event it parses only what it must have."""
    checked = [each for each in table.columns if is_checked(each)]
    lacking = ",\n".join(f"        if(isNull({_parsed(each)}), {text(each.name)}, '')" for each in checked)
    return (
        f"WITH arrayFilter(name -> name != '', [\n{lacking}\n    ]) AS _lacking\nSELECT\n"
        "    now64(6, 'UTC') AS received_at,\n"
        "    if(_error = '', _lacking, ['']) AS `errors.path`,\n"
        "    if(_error = '', arrayMap(name -> 'missing or malformed', _lacking), [_error])"
        " AS `errors.message`,\n"
        "    arrayMap(path -> if(_error = '', 'no_event', 'no_json'), `errors.path`) AS `errors.type`,\n"
        "    if(_error = '', _message, _raw_message) AS raw\n"
        f"FROM\n{_source(table, message_type(checked))}\nWHERE _error != '' OR notEmpty(_lacking)"
    )


def _source(table: Table, type_: str) -> str:
    return (
        f"(\n    SELECT JSONExtract(_message, {text(type_)}) AS _event, _message, _error, _raw_message\n"
        f"    FROM {identifier(f'{table.name}_topic')}\n)"
    )


def _parsed(column: Column) -> str:
    return f"_event.{identifier(column.name)}"


def _passed_on(table: Table) -> str:
    """Answer the select of what was rejected; a message of another form is kept whole."""
    error = ", ".join(f"{each} String" for each in _ERROR)
    moment = "Nullable(DateTime64(6, 'UTC'))"
    type_ = f"Tuple(received_at {moment}, errors Array(Tuple({error})), raw Nullable(String))"
    told = ",\n".join(
        f"    if(_error = '', _event.errors.{each}, [{other}]) AS `errors.{each}`"
        for each, other in zip(_ERROR, ("''", "_error", "'no_json'"), strict=True)
    )
    return (
        f"WITH JSONExtract(_message, {text(type_)}) AS _event\nSELECT\n"
        f"    ifNull(_event.received_at, now64(6, 'UTC')) AS received_at,\n{told},\n"
        "    coalesce(_event.raw, if(_error = '', _message, _raw_message)) AS raw\n"
        f"FROM {identifier(f'{_rejected(table)}_topic')}"
    )
