"""The rows of the palette: headings, layers, and "more" where a category holds back its rarer layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.blocks.library import BlockEntry, BlockLibrary
from app.blocks.pictures import block_tooltip
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.legacy import legacy_answers
from graph_editor.catalog.shapes_taught import shape_lines
from graph_editor.catalog.specs import Category, LayerSpec, Port
from graph_editor.catalog.teaching import parameter_lines
from graph_editor.document.clips.blocks import block_text
from graph_editor.view.floating.search_popup import with_blocks
from graph_editor.view.tools.drop_block import BLOCK_MIME
from graph_editor.words.markup import Markup, bold, italic, lines
from graph_editor.words.spoken import spoken
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import tr

LAYER_MIME = "application/x-lamella-layer"
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class PaletteRow:
    """`unfolded` is for headings and "more" rows; `spec` for layers, `entry` for blocks.

    A "hint" says how to do today what is searched.
    """

    kind: Literal["heading", "layer", "block", "more", "nothing", "hint"]
    category: str
    text: str
    spec: LayerSpec | None = None
    unfolded: bool = True
    ranked: bool = False  # found by searching, so it stands without its heading
    entry: BlockEntry | None = None

    @property
    def can_be_added(self) -> bool:
        return self.spec is not None or self.entry is not None


class PaletteModel(QAbstractListModel):
    """Without a search text: blocks, then categories with their common layers first. With one: what matches."""

    def __init__(self, catalog: Catalog, parent: QObject | None = None, blocks: BlockLibrary | None = None) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._blocks = blocks
        self._sections = _sections(catalog)
        self._search = ""
        # three hundred operations, for which one searches; the blocks that ship stand above what is used most
        self._folded: set[str] = {"operation", "blocks"}
        self._complete: set[str] = set()  # categories that show their rarer layers too
        self._rows: list[PaletteRow] = []
        self._rebuild()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def row(self, row: int) -> PaletteRow:
        return self._rows[row]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.ToolTipRole and row.kind == "hint":
            return tooltip_text(row.text)
        if role == Qt.ItemDataRole.ToolTipRole and row.spec:
            return tooltip_text(layer_tooltip(row.spec, self._catalog))
        if role == Qt.ItemDataRole.ToolTipRole and row.entry:
            return tooltip_text(block_tooltip(row.entry.block, self._catalog))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and row.entry:
            return spoken(row.entry.block.description)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and row.spec:
            return spoken(self._catalog.help(row.spec))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self._rows[index.row()].kind in ("nothing", "hint"):
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self._rows[index.row()].can_be_added else flags

    def mimeTypes(self) -> list[str]:
        return [LAYER_MIME, BLOCK_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        for index in indexes:
            row = self._rows[index.row()]
            if row.spec:
                data.setData(LAYER_MIME, f"{row.spec.module}:{row.spec.class_name}".encode())
            elif row.entry:
                data.setData(BLOCK_MIME, block_text(row.entry.block).encode())
        return data

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    @property
    def search_text(self) -> str:
        return self._search

    def set_search(self, text: str) -> None:
        if text.strip() != self._search:
            self._search = text.strip()
            self._rebuild()

    def refresh(self) -> None:
        """Ask the catalogue again."""
        self._sections = _sections(self._catalog)
        self._rebuild()

    def toggle(self, row: int) -> None:
        """Fold or unfold a heading, show or hide a category's rarer layers."""
        target = self._rows[row]
        if target.kind == "heading":
            self._folded ^= {target.category}
        elif target.kind == "more":
            self._complete ^= {target.category}
        self._rebuild()

    def set_folded(self, row: int, folded: bool) -> None:
        if self._rows[row].kind == "heading" and self._rows[row].unfolded == folded:
            self.toggle(row)

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._rows = self._found_rows() if self._search else self._sectioned()
        self.endResetModel()

    def _found_rows(self) -> list[PaletteRow]:
        specs = self._catalog.search(self._search)
        hints = [PaletteRow("hint", "", str(answer.text)) for answer in legacy_answers(self._search)]
        blocks = self._blocks.find(self._search) if self._blocks else []
        if not specs and not blocks:
            return hints or [PaletteRow("nothing", "", tr("No layer matches “{text}”.", text=self._search))]
        return hints + [_found_row(item) for item in with_blocks(specs, blocks, self._search)]

    def _sectioned(self) -> list[PaletteRow]:
        rows = self._block_rows()
        for category, specs in self._sections:
            unfolded = category.key not in self._folded
            rows.append(PaletteRow("heading", category.key, str(category.title), unfolded=unfolded))
            if unfolded:
                rows += self._section_rows(category.key, specs)
        return rows

    def _block_rows(self) -> list[PaletteRow]:
        """The user's own blocks, if there are any, and those that ship."""
        if self._blocks is None:
            return []
        rows: list[PaletteRow] = []
        if own := self._blocks.own:
            unfolded = "my_blocks" not in self._folded
            rows.append(PaletteRow("heading", "my_blocks", tr("My blocks"), unfolded=unfolded))
            rows += [_block_row(entry, "my_blocks") for entry in own] if unfolded else []
        unfolded = "blocks" not in self._folded
        rows.append(PaletteRow("heading", "blocks", tr("Blocks"), unfolded=unfolded))
        return rows + [_block_row(entry, "blocks") for entry in self._blocks.shipped] if unfolded else rows

    def _section_rows(self, key: str, specs: Sequence[LayerSpec]) -> list[PaletteRow]:
        common = [spec for spec in specs if spec.common] or list(specs)
        rare = [spec for spec in specs if not spec.common] if len(common) < len(specs) else []
        complete = key in self._complete
        shown = [*common, *rare] if complete else common
        rows = [PaletteRow("layer", key, spec.shown_name, spec) for spec in shown]
        if rare:
            text = tr("Show fewer") if complete else tr("{count} more", count=len(rare))
            rows.append(PaletteRow("more", key, text, unfolded=complete))
        return rows


def _found_row(item: LayerSpec | BlockEntry) -> PaletteRow:
    if isinstance(item, BlockEntry):
        return _block_row(item, "blocks", ranked=True)
    return PaletteRow("layer", item.category, item.shown_name, item, ranked=True)


def _block_row(entry: BlockEntry, category: str, ranked: bool = False) -> PaletteRow:
    return PaletteRow("block", category, shown_name(entry.block.name), ranked=ranked, entry=entry)


def _sections(catalog: Catalog) -> list[tuple[Category, list[LayerSpec]]]:
    sections = [(category, catalog.palette(category.key)) for category in catalog.categories()]
    return [(category, specs) for category, specs in sections if specs]


def layer_tooltip(spec: LayerSpec, catalog: Catalog) -> Markup:
    """Return what the layer does, what is wired into it and what its main parameters mean."""
    parts = [bold(spec.shown_name), catalog.help(spec), _inputs_sentence(spec.inputs)]
    parts += [*shape_lines(spec), *parameter_lines(catalog, spec)]
    return lines([*parts, italic(tr("Drag it on to the canvas, or press Enter."))])


def _inputs_sentence(ports: Sequence[Port]) -> str:
    if not ports:
        return tr("Takes no wire: data comes in here.")
    if ports[0].kind == "list" and ports[0].items == ():
        return tr("Takes {count} or more wires.", count=ports[0].minimum)
    names_needed = [port.name for port in ports if port.required]
    optional = [port.name for port in ports if not port.required]
    sentence = tr("Takes one wire.") if len(names_needed) <= 1 else tr("Takes {names}.", names=", ".join(names_needed))
    return f"{sentence} {tr('Optional: {names}.', names=', '.join(optional))}" if optional else sentence
