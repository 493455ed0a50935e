"""What there is to see of the data that the session has described: samples, columns and how they are spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.engine.engine_link import EngineLink
from app.look.theme_source import ThemeSource
from app.panels.data.augmentation.page import AugmentationPage
from app.panels.data.charts.card import ChartCard
from app.panels.data.charts.split_bars import with_parts
from app.panels.data.looking.by_class import ClassLine
from app.panels.data.looking.card import AUGMENTED, BY_CLASS, COLUMNS, GALLERY, TABLE, LookingCard
from app.panels.data.looking.large import LargePicture
from app.panels.plots.formats import count_text
from app.project.data_look.profiles import DataProfiles
from app.project.data_look.rows import DataRows
from app.project.starting.purpose import targets_of
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.checking import ClassCounts
from runtime.messages.describing import Column, DataPeeked
from runtime.messages.profiling import Bars, ColumnProfile, Pictures
from runtime.spec import ColumnSpec, DataSpec

_PICTURES = ("image", "mask")


class Looking(QWidget):
    """`show_data` with what is described. `columns_selected` carries what a person selected, by name."""

    columns_selected = Signal(object)  # tuple[str, ...]
    kind_chosen = Signal(object, str)  # names of columns, and their kind; nothing: it is found out

    def __init__(self, engine: EngineLink, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._data: DataSpec | None = None
        self._columns: dict[str, Column] = {}
        self._target: str | None = None
        self._counts: dict[str, ClassCounts] = {}
        self._uses: Mapping[str, str] = {}
        self._augmentation: AugmentationPage | None = None
        self._large: LargePicture | None = None
        self.selected: tuple[str, ...] = ()
        self.rows = DataRows(engine, self)
        self.profiles = DataProfiles(engine, self)
        self.card = LookingCard(self.rows, look)
        self.charts = ChartCard(look)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.card, 1)
        layout.addWidget(self.charts)
        self.card.columns_selected.connect(self._on_selected)
        self.card.opened.connect(self.open_sample)
        self.card.table.kind_chosen.connect(self.kind_chosen)
        self.card.tab_changed.connect(self._on_tab)
        self.profiles.changed.connect(self._on_profile)

    def add_augmentation(self, page: AugmentationPage) -> None:
        """Offer the tab where there are pictures that feed the model."""
        self._augmentation = page
        self.card.add_page(AUGMENTED, page)

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self._columns.values())

    def show_data(
        self, data: DataSpec | None, columns: Sequence[Column], uses: Mapping[str, str], targets: Sequence[str]
    ) -> None:
        """`uses` says what each column feeds; the first of `targets` that has classes parts the pictures."""
        data = as_it_comes(data) if data is not None else None
        changed = data != self._data or tuple(columns) != self.columns
        if changed and self._large is not None:
            self._large.close()  # it shows what was there before
        self._data, self._columns = data, {column.name: column for column in columns}
        self._target, self._uses = self._target_of(targets), dict(uses)
        self.profiles.show(data if columns else None, self._target, anew=changed)
        self.card.model.show_columns(columns, uses)
        if changed:
            self.rows.show(data, columns)
            self.card.table.show_columns(columns)
            self.card.columns.fit()
            if columns or data is None:  # not while the same data is read again
                self._keep_selected()
            self.card.gallery.show_column(self.picture_column, self._label, self._samples(self.picture_column))
        self.card.select(self.selected)
        self._show_tabs()
        self._show_profiles()

    def _keep_selected(self) -> None:
        """Of what was selected, what is still there; whoever shows the selection is told of the rest."""
        kept = tuple(name for name in self.selected if name in self._columns)
        if kept != self.selected:
            self.selected = kept
            self.columns_selected.emit(kept)

    def show_first(self, peeked: DataPeeked) -> None:
        """The first samples, while the rest is being read: there is nothing to choose yet."""
        if self._data is None and peeked.columns == self.columns:
            return
        self.show_data(None, (), {}, ())
        self._columns = {column.name: column for column in peeked.columns}
        self.card.model.show_columns(peeked.columns, {})
        self.rows.show_first(peeked)
        self.card.table.show_columns(peeked.columns)
        self.card.columns.fit()
        self._show_tabs()

    def show_parts(self, counts: Mapping[str, ClassCounts]) -> None:
        """How many samples of each class the parts have, by the column that holds the classes."""
        if counts != self._counts:
            self._counts = dict(counts)
            self._show_profiles()

    def select(self, names: Sequence[str]) -> None:
        """Select columns as a person does."""
        self.card.select(names)
        self._on_selected(tuple(names))

    def show_place(self, names: Sequence[str], row: int | None) -> None:
        """Select columns, and go to a sample in the table if there is one to be seen."""
        self.select(names)
        if row is not None:
            self.card.show_sample(row, next(iter(names), ""))

    @property
    def picture_column(self) -> str:
        """The column of pictures that is shown: the selected one, or the first."""
        pictures = [name for name, column in self._columns.items() if column.kind in _PICTURES]
        chosen = [name for name in self.selected if name in pictures]
        return (chosen or pictures or [""])[0]

    def open_sample(self, row: int) -> None:
        """Show a picture large."""
        column = self._columns.get(self.picture_column)
        if self._data is not None and column is not None:
            if self._large is not None:
                self._large.close()  # one at a time: a second click means another picture, not one more window
            label = self._columns.get(self._label)
            large = self._large = LargePicture(self._engine, self._data, column, label, self.window())
            large.finished.connect(self._on_large_closed)
            large.show_sample(row)
            large.show()

    def _on_large_closed(self) -> None:
        self._large = None

    @property
    def _augmented(self) -> str:
        """The column of pictures that feeds an input, of which augmentation is shown."""
        column = self._columns.get(self.picture_column)
        return column.name if column is not None and column.kind == "image" and column.name in self._uses else ""

    @property
    def _label(self) -> str:
        """The column with what the pictures are called."""
        target = self._target or ""
        same = self._samples(target) == self._samples(self.picture_column)
        return target if same and target != self.picture_column else ""

    def _samples(self, name: str) -> int:
        return self._columns[name].samples if name in self._columns else 0

    def _target_of(self, targets: Sequence[str]) -> str | None:
        classes = [name for name, column in self._columns.items() if column.kind == "category"]
        bound = [name for name in targets if name in self._columns]
        proposed = [column.name for column in targets_of(self.columns)[:1]]
        return next(
            (name for name in (*(name for name in bound if name in classes), *bound, *proposed, *classes)), None
        )

    def _show_tabs(self) -> None:
        pictures = self.picture_column
        entries = []
        if pictures and self._label and self._columns[self._label].kind == "category":
            entries.append((BY_CLASS, tr("by class"), tr("Some pictures of each class, and what they have in common")))
        if pictures:
            entries.append((GALLERY, tr("gallery"), tr("All pictures side by side")))
        if self._augmentation is not None:
            self._augmentation.show_column(self._augmented)
            if self._augmented:
                entries.append((AUGMENTED, tr("augmented"), tr("What augmentation makes of pictures that train")))
        entries.append((TABLE, tr("table"), tr("All samples, a row each")))
        entries.append((COLUMNS, tr("columns"), tr("What columns there are, and what they feed")))
        self.card.show_tabs(entries)
        self._show_heading()

    def _show_heading(self) -> None:
        samples = count_text(max((column.samples for column in self._columns.values()), default=0))
        headings = {
            BY_CLASS: (tr("Pictures by class"), self._class_note()),
            GALLERY: (shown_name(self.picture_column), tr("{count} pictures", count=samples)),
            AUGMENTED: (tr("Augmentation"), tr("of pictures that train, and of no others")),
            TABLE: (tr("Samples"), "" if self._data else tr("The first ones; all others are being read.")),
            COLUMNS: (tr("Columns"), ""),
        }
        title, note = headings.get(self.card.tab, ("", ""))
        self.card.title.setText(title)
        self.card.note.setText(note)

    def _class_note(self) -> str:
        classes = self.profiles.of(self._label)
        bars = _bars_of(classes)
        if classes is None or bars is None or not 0 < bars.seen < classes.samples:
            return tr("first: the mean of the class")
        return tr("first: the mean of the class; counted in {seen} of {samples} samples, spread over all",
                  seen=count_text(bars.seen), samples=count_text(classes.samples))  # fmt: skip

    # what columns hold

    @property
    def _charted(self) -> str:
        """The column whose values are drawn below."""
        first = next(iter(self._columns), "")
        return self.selected[-1] if self.selected else self._target or first

    def _show_profiles(self) -> None:
        if not self._columns and self._data is None:
            self.charts.show_profile("", None)
        if not self._columns or not self.isVisible():
            return
        names = [self._charted]
        if self.card.tab == BY_CLASS and self._target is not None:
            names += [self.picture_column, self._target]  # what is asked for last comes first
        for name in names:
            if name:
                self.profiles.want(name)
        profile, counts = self.profiles.of(self._charted), self._counts.get(self._charted)
        self.charts.show_profile(self._charted, with_parts(profile, counts) if profile and counts else profile)
        self._show_classes()

    def _show_classes(self) -> None:
        bars = _bars_of(self.profiles.of(self._label))
        if bars is None or not bars.rows:
            self.card.show_classes("", ())
            return
        pictures = self.profiles.of(self.picture_column)
        found = [part for part in pictures.parts if isinstance(part, Pictures)] if pictures else []
        means = {name: mean for part in found for name, mean in zip(part.names, part.pictures, strict=True)}
        lines = [
            ClassLine(name, count, rows, means.get(name))
            for name, count, rows in zip(bars.labels, bars.counts, bars.rows, strict=True)
        ]
        self.card.show_classes(self.picture_column, lines)

    # what happened

    def _on_selected(self, names: tuple[str, ...]) -> None:
        if self._data is None:
            return
        before = self.picture_column
        self.selected = names
        self.card.select(names)
        if self.picture_column != before:
            self.card.gallery.show_column(self.picture_column, self._label, self._samples(self.picture_column))
            self._show_tabs()
        self._show_heading()
        self._show_profiles()
        self.columns_selected.emit(names)

    def _on_profile(self, _name: str) -> None:
        self._show_heading()
        self._show_profiles()

    def _on_tab(self, _key: str) -> None:
        self._show_heading()
        self._show_profiles()


def _bars_of(profile: ColumnProfile | None) -> Bars | None:
    return next((part for part in profile.parts if isinstance(part, Bars)), None) if profile is not None else None


def as_it_comes(data: DataSpec) -> DataSpec:
    """The data without what is done to it: who changes a step looks at the same samples as before."""
    kinds = {name: ColumnSpec(column.kind) for name, column in data.columns.items() if column.kind is not None}
    return replace(data, columns=kinds, augmentation=())
