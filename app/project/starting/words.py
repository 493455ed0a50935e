"""What a model that starts from data will be, in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from app.project.starting.purpose import Aim, Form, Given, Purpose, Sought
from resources.plain import listed
from resources.text import Text, tr

_NETWORKS: Final[Mapping[Form, Text]] = {
    "picture": Text("a small convolutional network"),
    "sequence": Text("an LSTM"),
    "words": Text("word embeddings"),
    "sound": Text("a small convolutional network on a mel spectrogram"),
    "numbers": Text("dense layers"),
}
_AIMS: Final[Mapping[Aim, Text]] = {
    "classes": Text("one of {units} classes ({column})"),
    "yes_or_no": Text("yes or no ({column})"),
    "value": Text("a number ({column})"),
    "vector": Text("{units} numbers ({column})"),
    "mask": Text("a class for each pixel ({column})"),
}


def purpose_text(purpose: Purpose) -> Text:
    """Such as "Tells one of 3 classes (label) from image: a small convolutional network."."""
    aims = ", ".join(map(_aim_text, purpose.sought))
    names = [column.name for given in purpose.given for column in given.columns]
    text = Text.of(
        "Tells {aims} from {columns}: {network}.",
        aims=aims,
        columns=listed(names, 3),
        network=_network(purpose.given, purpose.sought),
    )
    for one in _besides(purpose):
        text = Text.of("{sentence} {more}", sentence=text, more=one)
    return text


def _besides(purpose: Purpose) -> Iterator[Text]:
    """What is done unasked, a sentence each: samples and columns that stay out, and pictures that are made alike."""
    if purpose.unlabelled:
        yield Text.of("Samples without {columns} are left out.", columns=listed(purpose.unlabelled, 3))
    dates = [column.name for column in purpose.unused if column.kind == "date"]
    if dates:
        yield Text.of("Not used: {columns}, as a date goes in only with the step Date parts.", columns=listed(dates, 3))
    others = [column.name for column in purpose.unused if column.kind != "date"]
    if others:
        yield Text.of("Not used: {columns}.", columns=listed(others, 3))
    for given in purpose.given:
        for column in given.columns if given.form == "picture" else ():
            if column.note is not None:
                yield column.note


def _aim_text(sought: Sought) -> str:
    return str(replace(_AIMS[sought.aim], args={"units": sought.units, "column": sought.column.name}))


def _network(given: tuple[Given, ...], sought: tuple[Sought, ...]) -> str:
    if sought[0].aim == "mask":
        return tr("a small U-Net")
    return ", ".join(dict.fromkeys(str(_NETWORKS[each.form]) for each in given))
