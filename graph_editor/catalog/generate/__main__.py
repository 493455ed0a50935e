"""Writes the catalogue from the installed Keras: ``python -m graph_editor.catalog.generate``.

Run it after a change of the Keras version or of ``resources/catalog/overlay.json`` (which is written by hand, as
``help.ko.json`` is), look at the difference, and commit it. A test fails when the files and the installed Keras differ.
This package is the only place of ``graph_editor`` that imports Keras; the application never imports it.
"""

import sys
from pathlib import Path

from graph_editor.catalog.catalog import FOLDER
from graph_editor.catalog.generate.output import contents


def main(folder: Path = FOLDER) -> None:
    for name, content in contents(FOLDER / "overlay.json").items():
        (folder / name).write_bytes(content)
        sys.stdout.write(f"{name}: {len(content):,} bytes\n")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
