"""The project's own code on the command line: it runs for one call, and only if that call says so."""

import argparse
from pathlib import Path

from app.cli.common.engine import HeadlessEngine
from app.cli.common.output import CommandError, say
from app.custom_code.reading import read_code
from app.custom_code.specs import layer_specs, object_specs
from app.outside_files.finding import network_files
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.custom_code import code_files, code_paths
from graph_editor.document.document import Document
from resources.plain import shown_name
from resources.text import Text, tr
from runtime.messages.connection import Failed
from runtime.messages.custom_code import CodeLoaded, LoadCode
from runtime.spec import CodeFile


def add_trust_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--trust-code", action="store_true", help=tr("run the project's own Python files, this time"))


def add_network_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network-files", action="store_true", help=tr("read data and weights from other machines"))


def require_local(document: Document, path: Path, allowed: bool) -> None:
    """CommandError if the project names files of another machine and nobody has said that it may ask there.

    Who names a project here has its other files read, wherever on this machine they lie.
    """
    names = network_files(document)
    if names and not allowed:
        text = Text.of(
            "{file} names files of another machine ({names}): add --network-files to read them.",
            file=path.name,
            names=", ".join(map(shown_name, names)),
        )
        raise CommandError(text)


def require_trust(document: Document, path: Path, trusted: bool) -> None:
    """CommandError if the project has code of its own and nobody has said that it may run."""
    files = code_files(document)
    if files and not trusted:
        text = Text.of(
            "{file} has code of its own ({code}): look at it, and add --trust-code to run it.",
            file=path.name,
            code=", ".join(files),
        )
        raise CommandError(text)


def run_project_code(engine: HeadlessEngine, document: Document, path: Path, catalog: Catalog) -> tuple[CodeFile, ...]:
    """Runs the code, which is trusted, in the engine, and puts what it offers into the catalogue."""
    sources = read_code(code_paths(document, path.resolve().parent))
    for source in sources:
        if source.error is not None:
            raise CommandError(source.error)
    files = tuple(source.agreed for source in sources)
    if not files:
        return ()
    answer = engine.ask(LoadCode(0, files))
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    assert isinstance(answer, CodeLoaded)
    for problem in answer.problems:
        if problem.severity == "error":
            raise CommandError(problem.text, problem.detail)
        say(f"  {problem.text}")
    catalog.set_custom(layer_specs(answer.objects), object_specs(answer.objects))
    return files
