"""What Evaluate shows, by the words that people look for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.command_palette.providers.entry import Entry, Surroundings
from resources.text import Text, tr

ORDER = 5

# Tab, title, and other words for it.
_PAGES = (
    (
        "figures",
        Text("Confusion matrix and other figures"),
        "accuracy precision recall F1 ROC curve calibration metrics",
    ),
    ("samples", Text("Mistakes of the model"), "wrong predictions into a file samples predict errors"),
    ("slices", Text("Figures of slices"), "slices conditions subgroups worst"),
    (
        "try",
        Text("Try it: draw, type or drop one sample"),
        "predict one sample digit picture paste pad row text",
    ),
    ("compare", Text("Compare two evaluations"), "McNemar compare models"),
)


def pages(around: Surroundings) -> Sequence[Entry]:
    def show(page: str) -> None:
        around.session.navigation.show_workspace("evaluate")
        around.session.evaluations.page_requested.emit(page)

    return [
        Entry("action", str(title), partial(show, page), tr("Evaluate"), also=f"{title.english()} {words} evaluate")
        for page, title, words in _PAGES
    ]


PROVIDE = pages
