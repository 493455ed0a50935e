"""A project as a Python script that needs nothing but Keras: it builds the model, and trains it if data is chosen."""

import sys
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.exporters.code.script import Script, script
from graph_editor.exporters.registry import SourceFormat
from resources.python_code.layout import comment, docstring, function
from resources.python_code.parts import RunWriter
from resources.text import Text

_WRITTEN: Final = "Written by Lamella for Keras 3."


def python_source(document: Document, catalog: Catalog, writer: RunWriter) -> str:
    """The script as text. Run, `build_model()` gives the same architecture that Keras makes of the document."""
    parts = script(document, catalog, writer)
    head = docstring(parts.title, _WRITTEN) + "".join(
        line + "\n" for text in (parts.left_out, parts.remark) for line in comment(text)
    )
    blocks = [head + "\n" + imports(parts)]
    blocks += [part for part in (*parts.functions, parts.data) if part]
    blocks.append(function("main", main_lines(parts)))
    blocks.append('if __name__ == "__main__":\n    main()\n')
    return "\n\n".join(blocks)


def imports(parts: Script) -> str:
    """The standard library first, then the rest by name, then the project's own code."""
    lines = sorted(set(parts.imports), key=lambda line: (line.startswith("from "), line))
    standard = [line for line in lines if line.split()[1].split(".")[0] in sys.stdlib_module_names]
    others = [line for line in lines if line not in standard]
    own = ["", *parts.own_imports] if parts.own_imports else []
    return "".join("\n".join(group) + "\n" for group in ([*standard, ""] if standard else [], others, own) if group)


def main_lines(parts: Script) -> list[str]:
    if not parts.trains:
        return [*parts.make, "    model.summary()"]
    return [*parts.make, "    model.summary()", *parts.train, *parts.save]


FORMAT: Final = SourceFormat("python", Text("Python script (.py)…"), ".py", python_source, 50)
