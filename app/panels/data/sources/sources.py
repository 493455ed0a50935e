"""The sources of the data in the bar, and what is changed about each of them in its popup."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from app.panels.data.sources.bar import ShownSource, SourcesBar
from app.panels.data.sources.chip import SourceChip
from app.panels.data.sources.popup import SourceFacts, SourcePopup
from app.panels.plots.formats import count_text
from app.project.data_sources import editing
from app.project.data_sources.offers import first_columns
from graph_editor.editors.parts.base import EditorContext
from resources.text import Text, tr
from resources.training.sections import sources_of
from resources.training.setting import Setting
from runtime.data_kinds import DataKind, data_kinds, made_up_name
from runtime.messages.describing import Column
from runtime.spec import DataSource

Json = Any
Store = Callable[[Text, Mapping[str, Json], str], None]


class ShownSources(QObject):
    """`store` makes one undo step of a changed data section. What a person wants of files is told by signals."""

    reload_requested = Signal()
    replace_requested = Signal(int)  # a source, by its number

    def __init__(
        self,
        bar: SourcesBar,
        context: EditorContext,
        data: Callable[[], Mapping[str, Json]],
        store: Store,
        parent: QObject,
    ) -> None:
        """`data` gives the data section as it is now."""
        super().__init__(parent)
        self._bar, self._context, self._now, self._store = bar, context, data, store
        self._kinds: dict[str, DataKind] = {}
        self._columns: tuple[Column, ...] = ()
        self.popup: SourcePopup | None = None
        bar.source_pressed.connect(self._on_pressed)

    @property
    def _data(self) -> Mapping[str, Json]:
        return self._now()

    def show_sources(self, columns: Sequence[Column]) -> None:
        """`columns`: none while they are not known."""
        self._columns = tuple(columns)
        shown = [self._shown(place, source) for place, source in enumerate(sources_of(self._data))]
        self._bar.show_sources(shown)

    def kind_of(self, source: Mapping[str, Json]) -> DataKind | None:
        if not self._kinds:
            self._kinds = {kind.key: kind for kind in data_kinds()}
        return self._kinds.get(str(source.get("kind")))

    def title_of(self, source: Mapping[str, Json]) -> str:
        """Its own name, else that of its file, else what it is."""
        kind, path = self.kind_of(source), str(source.get("path") or "")
        named = str(source.get("name") or "") or Path(path.rstrip("/\\")).name.removeprefix("sample:")
        named = named or self._own_name(source)
        return named or (str(kind.title) if kind is not None else str(source.get("kind") or ""))

    def _own_name(self, source: Mapping[str, Json]) -> str:
        """That of data without a file."""
        options = source.get("options")
        written = dict(options) if isinstance(options, Mapping) else {}
        kind = self.kind_of(source)
        return "" if kind is None else made_up_name(DataSource(kind.key, "", written))

    def told_of_all(self) -> str:
        """What was read, in a line: the newest source, and how much there is of all."""
        sources = sources_of(self._data)
        name = self.title_of(sources[-1]) if sources else ""
        return tr("{file}: {facts}", file=name, facts=_facts(self._columns))

    def _shown(self, place: int, source: Mapping[str, Json]) -> ShownSource:
        facts = _facts(self._columns_of(place))
        if place:
            join = source.get("join")
            written = join if isinstance(join, Mapping) else {}
            by_key = written.get("by") == "key"
            facts = tr("by {column}", column=str(written.get("column") or "")) if by_key else tr("by order")
        return ShownSource(self.title_of(source), facts, str(source.get("path") or ""))

    def _columns_of(self, place: int) -> tuple[Column, ...]:
        """The columns of a source, by the names that it gives them itself."""
        if not place:
            return first_columns(self._data, self._columns)
        prefix = f"{sources_of(self._data)[place].get('name')}/"
        own = [column for column in self._columns if column.name.startswith(prefix)]
        return tuple(replace(column, name=column.name.removeprefix(prefix)) for column in own)

    # what happened

    def _on_pressed(self, place: int, chip: SourceChip) -> None:
        sources = sources_of(self._data)
        if place >= len(sources):
            return
        facts = SourceFacts(
            place, sources[place], self.kind_of(sources[place]), self._columns_of(place), self._columns_of(0)
        )
        popup = self.popup = SourcePopup(facts, self._context, chip)
        popup.option_changed.connect(partial(self._on_option, place))
        popup.join_changed.connect(partial(self._on_join, place))
        popup.renamed.connect(partial(self._on_renamed, place))
        popup.reload_requested.connect(self.reload_requested)
        popup.replace_requested.connect(partial(self.replace_requested.emit, place))
        popup.remove_requested.connect(partial(self._on_removed, place))
        popup.open_below(chip)

    def _on_option(self, place: int, setting: Setting[Any], value: Json) -> None:
        written = None if value == setting.default else value
        data = editing.with_option(self._data, place, setting.key, written)
        self._store(Text.of("Change {setting}", setting=setting.title), data, f"option.{place}.{setting.key}")

    def _on_join(self, place: int, join: Mapping[str, Json]) -> None:
        self._store(Text("Change how data is joined"), editing.with_join(self._data, place, join), f"join.{place}")

    def _on_renamed(self, place: int, name: str) -> None:
        if all(name != source.get("name") for source in sources_of(self._data)):
            self._store(Text("Rename the data"), editing.renamed(self._data, place, name), f"name.{place}")

    def _on_removed(self, place: int) -> None:
        self._store(Text("Remove the data"), editing.without(self._data, place), "remove")


def _facts(columns: Sequence[Column]) -> str:
    """How many columns and samples there are; nothing while they are not known."""
    if not columns:
        return ""
    samples = count_text(max(column.samples for column in columns))
    if len(columns) == 1:
        return tr("1 column, {samples} samples", samples=samples)
    return tr("{columns} columns, {samples} samples", columns=len(columns), samples=samples)
