"""What can be said to the command `segment-codegen`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["SCHEMA", "parser"]

SCHEMA = Path("schema")
"""The folder of schemas where no other is named."""


def parser(run: Mapping[str, Callable[[argparse.Namespace], int]]) -> argparse.ArgumentParser:
    """Answer the parser of all commands, each with the function that runs it as `command`."""
    made = argparse.ArgumentParser(
        prog="segment-codegen", description="Generate Python from JSON Schemas of events."
    )
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    generate = commands.add_parser("generate", help="write the generated package, whole or not at all")
    generate.set_defaults(command=run["generate"])
    generate.add_argument(
        "--watch", action="store_true", help="go on, and generate again whenever a file that is read changes"
    )
    check = commands.add_parser(
        "check", help="write nothing; print a diff and exit 1 where the package is out of date"
    )
    check.set_defaults(command=run["check"])
    imported = commands.add_parser("import", help="turn a tracking plan into JSON Schemas, one a file")
    imported.set_defaults(command=run["import"])
    imported.add_argument("plan", type=Path, metavar="PLAN", help="a tracking plan in any format")
    imported.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder of the schemas")
    docs = commands.add_parser("docs", help="write the events for people: a page with a search, and Markdown")
    docs.set_defaults(command=run["docs"])
    docs.add_argument("--check", action="store_true", help="write nothing; print a diff and exit 1 on drift")
    docs.add_argument(
        "--package",
        type=Path,
        metavar="DIR",
        help="the package, whose names the pages have; default: that in generated, with --plan app/analytics",
    )
    lint = commands.add_parser(
        "lint", help="check how a plan or schema files are written; exit 1 where not well"
    )
    lint.set_defaults(command=run["lint"])
    diff = commands.add_parser("diff", help="say what changed, and whom it breaks; exit 1 where it does")
    diff.set_defaults(command=run["diff"])
    diff.add_argument(
        "old",
        type=Path,
        metavar="OLD",
        help="a plan, a schema, or a folder of schemas or of releases",
    )
    diff.add_argument("new", type=Path, metavar="NEW", help="what came of it")
    diff.add_argument(
        "--by-version", action="store_true", help="let a change break where x-version has a new major number"
    )
    for each in (lint, diff):
        each.add_argument(
            "--waive",
            action="append",
            default=[],
            metavar="RULE[: track/Event[#property]]",
            help="leave what a rule finds; one that waives nothing is a problem itself",
        )
        each.add_argument(
            "--format", choices=("text", "json", "github"), default="text", help="default: %(default)s"
        )
    for each in (generate, check, lint, docs):
        source = each.add_mutually_exclusive_group()
        source.add_argument("--schema", type=Path, default=SCHEMA, metavar="DIR", help="default: %(default)s")
        source.add_argument(
            "--plan", type=Path, metavar="PATH", help="a tracking plan, or a folder of JSON Schemas"
        )
        if each is lint:
            named = "schema files, in place of a folder"
            source.add_argument("files", nargs="*", default=[], type=Path, metavar="FILE", help=named)
    docs.add_argument(
        "--out", type=Path, metavar="DIR", help="default: generated/docs; with --plan the pages' own folder"
    )
    for each in (generate, check):
        each.add_argument(
            "--out", type=Path, metavar="DIR", help="default: generated; with --plan the package's own folder"
        )
    return made
