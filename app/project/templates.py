"""The projects that people can start from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph_editor.document.document import Document
from graph_editor.document.files.file_format import load
from resources.text import Text

_FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "templates"


@dataclass(frozen=True, slots=True)
class Template:
    """``key`` is its name on the command line."""

    key: str
    title: Text
    description: Text

    @property
    def path(self) -> Path:
        return _FOLDER / f"{self.key}.lamella"

    def open(self) -> Document:
        """A new document with its content, not tied to a file."""
        document = load(self.path)
        document.source = None
        return document


TEMPLATES: Final = (
    Template(
        "digits",
        Text("Digits, two heads"),
        Text("Handwritten digits: branches that join, a residual sum, a frozen layer. Real data."),
    ),
    Template(
        "leaves",
        Text("Leaves, a folder of pictures"),
        Text("Which of four trees a leaf is from: a small convolutional network, on pictures in a folder for each."),
    ),
    Template(
        "sentences",
        Text("Sentences"),
        Text("Praise, complaint or question: short sentences in English and Korean, by an Embedding. Our own data."),
    ),
    Template(
        "burger-review",
        Text("Burger review"),
        Text("A photo and a text go in; a rating and one of 50 ingredients come out. The data is random."),
    ),
    Template(
        "residual-block",
        Text("Residual block"),
        Text("Two convolutions with a shortcut around them, on the handwritten digits."),
    ),
    Template(
        "siamese",
        Text("Siamese with a shared LSTM"),
        Text("Two texts read by one and the same LSTM and compared. The data is random."),
    ),
    Template(
        "plain-stack",
        Text("Plain stack"),
        Text("Layer upon layer, the simplest network for the handwritten digits."),
    ),
    Template(
        "houses",
        Text("House prices"),
        Text("A table with numbers, words and gaps: columns are filled, scaled and one-hot before a small network."),
    ),
    Template(
        "leaf-outlines",
        Text("Leaves, pixel by pixel"),
        Text("A small U-Net that finds the pixels of a leaf, on pictures with masks."),
    ),
    Template(
        "sentences-transformer",
        Text("Sentences, a small transformer"),
        Text("The same sentences, with words that look at each other: attention with shortcuts around it."),
    ),
)


def template(key: str) -> Template | None:
    return next((item for item in TEMPLATES if item.key == key), None)
