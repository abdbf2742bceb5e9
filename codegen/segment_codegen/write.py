"""Puts a generated folder on disk: whole, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["read_folder", "write_folder"]


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Replace the folder by one that holds exactly these files; if that fails, the old one stays.

    Raises NotADirectoryError where a file has the folder's name.
    """
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), folder.as_posix())
    folder = folder.resolve()  # the folder that a link leads to is replaced, and not the link
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as name:
        new, old = Path(name) / "new", Path(name) / "old"
        new.mkdir()
        for file, text in files.items():
            (new / file).parent.mkdir(exist_ok=True)
            (new / file).write_text(text, encoding="utf-8", newline="\n")
        try:
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
        except BaseException:  # an interrupt too
            if old.exists() and not folder.exists():
                old.rename(folder)
            raise


def read_folder(folder: Path) -> dict[str, str]:
    """Answer the text of every file under the folder by its path there; what Python cached is left out."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): _text(path) for path in paths}


def _text(path: Path) -> str:
    """Answer the text with its line ends as they are; bytes that are no UTF-8 show as their escapes."""
    return path.read_bytes().decode("utf-8", errors="backslashreplace")
