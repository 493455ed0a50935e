"""Problems in which layers are called as people call them, whoever found them."""

from collections.abc import Iterable
from dataclasses import replace

from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.document import Document
from graph_editor.document.ends import titles_in_sentences
from graph_editor.document.titles import with_titles


def titled(document: Document, problems: Iterable[Problem]) -> list[Problem]:
    """The same problems, with titles for the names of layers that have one."""
    titles = titles_in_sentences(document)
    if not titles:
        return list(problems)
    return [
        replace(
            problem,
            text=with_titles(problem.text, titles),
            place=with_titles(problem.place, titles) if problem.place is not None else None,
            mend=Mend(with_titles(problem.mend.text, titles), problem.mend.edits) if problem.mend is not None else None,
        )
        for problem in problems
    ]
