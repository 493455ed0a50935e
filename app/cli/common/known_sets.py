"""lamella data get NAME: the sets that Keras knows, downloaded after a yes."""

import queue
import sys

from app.cli.common.output import CommandError, say, say_moving, show, show_lines, table
from app.engine.wording import bytes_text
from resources.text import Text, tr
from runtime.clients.engine import Engine
from runtime.known_sets import KnownSet, bytes_here, datasets_folder, is_here, known_set, known_sets
from runtime.launchers.local import LocalLauncher
from runtime.messages.connection import Failed
from runtime.messages.describing import GetKnownSet
from runtime.messages.protocol import Answer

_LOOK_SECONDS = 0.3


def list_known_sets() -> None:
    rows = [
        (one.name, one.title, bytes_text(one.size), tr("here") if is_here(one) else "", str(one.about))
        for one in known_sets()
    ]
    show_lines(table(rows))


def get_known_set(name: str, agreed: bool) -> None:
    """Downloads what is missing of a set; nothing before somebody has `agreed`. Raises CommandError."""
    one = known_set(name)
    if one is None:
        raise CommandError(Text.of("Keras knows no set {name}.", name=name))
    if not agreed and not is_here(one):
        text = Text.of(
            "{title} comes from {host}, {size}, into {folder}: add --yes to download it.",
            title=one.title,
            host=one.host,
            size=bytes_text(one.size),
            folder=str(datasets_folder()),
        )
        raise CommandError(text)
    answer = _ask(one)
    if isinstance(answer, Failed):
        raise CommandError(answer.error, answer.detail)
    show(tr("{title} is in {folder}.", title=one.title, folder=str(datasets_folder())))


def _ask(one: KnownSet) -> Answer:
    """The answer of the engine, with what has arrived shown on a terminal meanwhile. Ctrl-C keeps that."""
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    engine = Engine(LocalLauncher())
    engine.start()
    try:
        engine.request(GetKnownSet(0, one.name), answers.put)
        while True:
            try:
                answer = answers.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                if sys.stderr.isatty():
                    say_moving(f"  {bytes_text(bytes_here(one))} / {bytes_text(one.size)} ")
                continue
            if sys.stderr.isatty():
                say("")
            return answer
    finally:
        engine.stop()
