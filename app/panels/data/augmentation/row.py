"""One layer of augmentation in the list: sliders for how strong it is, and below what else Keras lets one set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from app.panels.data.parts.movable_row import MovableRow
from app.panels.widgets.fields import FormRow
from app.panels.widgets.labelled_switch import LabelledSwitch
from app.panels.widgets.named_editors import named_editor, show
from app.project.preparing.augmentation_of import Ends, WrittenLayer
from graph_editor.catalog.specs import LayerSpec, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import Combo, Entry
from graph_editor.editors.parts.wording import parameter_words
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import listed, shown_name
from resources.text import tr
from resources.training.augmentations import BOX_FORMATS, Strength, box_words

Json = Any
_STEPS: Final = 100
_ROW: Final = 10  # of the slider, to a page


class StrengthSlider(QWidget):
    """A slider with its name and its value; `tell` gets each value that a person sets."""

    def __init__(self, strength: Strength, title: str, name: str, tell: Callable[[Json], None]) -> None:
        super().__init__()
        self._strength, self._tell = strength, tell
        label = PlainLabel(title)
        label.setProperty("part", "field")
        label.setFixedWidth(104)
        label.setWordWrap(True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(name)
        set_spoken_name(self.slider, title)
        self.slider.setRange(0, round(strength.most) if strength.whole else _STEPS)
        if strength.whole:
            self.slider.setMinimum(1)
        else:
            self.slider.setPageStep(_ROW)
        self._number = PlainLabel()
        self._number.setProperty("role", "mono")
        self._number.setFixedWidth(40)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(label)
        line.addWidget(self.slider, 1)
        line.addWidget(self._number)
        self.slider.valueChanged.connect(self._on_moved)

    def show_value(self, value: Json) -> None:
        """Nothing is told of it."""
        strength = self._strength.strength(value)
        self.slider.blockSignals(True)
        steps = strength if self._strength.whole else strength / self._strength.most * _STEPS
        self.slider.setValue(round(steps))
        self.slider.blockSignals(False)
        self._number.setText(f"{strength:g}" if self._strength.whole else f"{strength:.2f}")

    def _on_moved(self, step: int) -> None:
        strength = float(step) if self._strength.whole else step / _STEPS * self._strength.most
        self._tell(self._strength.value(strength))


class LayerRow(MovableRow):
    """`edited` carries a parameter of the layer and its value, `changed` the layer as it is to be otherwise."""

    changed = Signal(int, object)

    def __init__(
        self, place: int, layer: WrittenLayer, spec: LayerSpec | None, context: EditorContext, parent: QWidget
    ) -> None:
        super().__init__("augment", place, layer.layer, context.catalog.help(spec) if spec is not None else "", parent)
        self.layer = layer.layer
        self._spec, self._context = spec, context
        self._editors: dict[str, ParameterEditor] = {}
        self.sliders: dict[str, StrengthSlider] = {}
        self._layer = layer
        strengths = layer.kind.strengths if layer.kind is not None else ()
        for strength in strengths:
            self._add_slider(strength)
        self._add_ends()

    def show_layer(self, layer: WrittenLayer, count: int, ends: Ends) -> None:
        """`count` is how many layers there are, `ends` what of the model they can change."""
        self._layer = layer
        self.show_place(count)
        self._show_ends(layer, ends)
        defaults = self._spec.defaults if self._spec is not None else {}
        for name, slider in self.sliders.items():
            slider.show_value(layer.config.get(name, defaults.get(name)))
        if self.fold.isChecked() and not self._editors:
            for parameter in self._others():
                self._add_editor(parameter)
        for name, editor in self._editors.items():
            show(editor, layer.config.get(name, defaults.get(name)))
        self.fold.setVisible(bool(self._others()))

    def _add_ends(self) -> None:
        """What of the model it is for."""
        self.input, self.boxes = Combo(), Combo()
        self.input.setObjectName(f"augment_input_{self.place}")
        self.boxes.setObjectName(f"augment_boxes_{self.place}")
        self.follow = LabelledSwitch("", f"augment_follow_{self.place}")
        self._input_row = FormRow(tr("pictures of"), self.input, tr("Which input of the model it is for"))
        self._boxes_row = FormRow(
            tr("boxes"), self.boxes, tr("How the four numbers of a box are written, so that it moves with the picture")
        )
        self.input.chosen.connect(lambda name: self.changed.emit(self.place, self._layer.for_input(name)))
        self.boxes.chosen.connect(lambda way: self.changed.emit(self.place, self._layer.with_boxes(way)))
        self.follow.switched.connect(lambda on: self.changed.emit(self.place, self._layer.with_followers(on)))
        for widget in (self._input_row, self.follow, self._boxes_row):
            self.above.addWidget(widget)

    def _show_ends(self, layer: WrittenLayer, ends: Ends) -> None:
        """What there is no choice of is not shown."""
        kind = layer.kind
        names = tuple(dict.fromkeys([*ends.inputs, *([layer.input] if layer.input else [])]))
        self.input.fill([Entry(tr("all inputs"), ""), *(Entry(shown_name(name), name) for name in names)])
        self.input.show_value(layer.input, shown_name(layer.input))
        self._input_row.setVisible(len(names) > 1 or bool(layer.input))
        moves = kind is not None and kind.moves
        self.follow.set_text(tr("Moves along: {names}", names=listed((*ends.pictures, *ends.boxes))))
        self.follow.set_on(layer.follows)
        self.follow.setVisible(moves and bool(ends.pictures or ends.boxes))
        ways = [Entry(way, way, str(box_words(way))) for way in BOX_FORMATS]
        self.boxes.fill([Entry(tr("stay where they are"), ""), *ways])
        self.boxes.show_value(layer.box_format, shown_name(layer.box_format))
        able = kind is not None and kind.boxes and layer.follows
        self._boxes_row.setVisible(able and bool(ends.boxes))

    def _others(self) -> list[Parameter]:
        """The parameters in the order of Keras; those with a slider are here once more, with two ends."""
        parameters = self._spec.parameters if self._spec is not None else ()
        return [parameter for parameter in parameters if parameter.group != "advanced"]

    def _add_slider(self, strength: Strength) -> None:
        name = strength.parameter
        parameter = next((one for one in self._others() if one.name == name), Parameter(name, "float"))
        slider = StrengthSlider(
            strength,
            parameter_words(parameter),
            f"augment_{self.place}_{name}",
            lambda value: self.edited.emit(self.place, name, value),
        )
        set_tooltip(slider, self._context.catalog.parameter_help(parameter, self._spec))
        self.sliders[name] = slider
        self.above.addWidget(slider)

    def _add_editor(self, parameter: Parameter) -> None:
        editor = named_editor(self._context, parameter, f"augment_value_{self.place}_{parameter.name}")
        editor.edited.connect(lambda value: self.edited.emit(self.place, parameter.name, value))
        self._editors[parameter.name] = editor
        help_text = self._context.catalog.parameter_help(parameter, self._spec)
        self.rows.addWidget(FormRow(parameter_words(parameter), editor, help_text))
