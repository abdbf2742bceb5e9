"""Where the project's own modules are: what the tests of its structure read."""

from pathlib import Path

__all__ = ["PACKAGES", "ROOT", "modules"]

ROOT = Path(__file__).parents[1]

PACKAGES = {
    "segment_client": ROOT / "segment_client",
    "segment_codegen": ROOT / "codegen" / "segment_codegen",
    "semantic_events": ROOT / "generated" / "semantic_events",
}
"""The folder of each package that the wheel ships."""


def modules() -> dict[str, Path]:
    """Map the dotted name of each module to its file, a package's name to its `__init__.py`."""
    found = {}
    for package, folder in PACKAGES.items():
        for file in sorted(folder.rglob("*.py")):
            parts = file.relative_to(folder).with_suffix("").parts
            found[".".join((package, *(part for part in parts if part != "__init__")))] = file
    return found
