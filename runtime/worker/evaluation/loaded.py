"""A trained model that is ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from resources.text import Text
from runtime.frozen import marked_through
from runtime.messages.checking import Endpoint
from runtime.messages.trained import Trained
from runtime.messages.views import OutputKind
from runtime.model_configs.ends import interface
from runtime.worker.custom.loading import require_code
from runtime.worker.data.source import Array
from runtime.worker.data.tensorflow_words import with_words
from runtime.worker.devices.placing import place
from runtime.worker.evaluation.known import Known
from runtime.worker.evaluation.output_kinds import classes_of, kind_of
from runtime.worker.keras_models.build import build_model
from runtime.worker.keras_models.vocabularies import require_vocabularies
from runtime.worker.keras_models.weights import load_weights
from runtime.worker.process.control import WorkerError
from runtime.worker.training.compiling import compile_model, packed
from runtime.worker.training.training_data import endpoints

Arrays = dict[str, Array]


class Loaded(Known):
    """`model` is compiled where all its outputs have a loss. Names are those of inputs and outputs of the spec."""

    def __init__(self, trained: Trained) -> None:
        """Raises WorkerError: a run that cannot be read, code that nobody agreed to, weights that do not fit."""
        super().__init__(trained)
        self._require_agreement()
        require_code(self.spec.custom_code)
        with self.place():
            self.model = build_model(marked_through(self.spec.model))
            report = load_weights(self.model, Path(trained.weights), self._names())
            if report.fresh:
                raise WorkerError(
                    Text.of(
                        "The weights of {file} do not fit this model: {layers} are not in it.",
                        file=Path(trained.weights).name, layers=", ".join(report.fresh[:5]),
                    )
                )  # fmt: skip
            require_vocabularies(self.model)
            self.compiled = self._compile()
        self.inputs, self.outputs = self._ends()
        self._input_nest = interface(self.spec.model, "input_layers")
        self._compute: dict[bool, Any] = {}
        self.needs_the_pass: bool | None = None  # once it is known (`predicting.py`)
        self.inside: Any = None  # what looking inside keeps of it (`inside/asked.py`)

    @property
    def classes(self) -> dict[str, tuple[str, ...]]:
        """The names of the classes of each output, as far as its data is known."""
        columns = self.data.columns if self.data is not None else {}
        return {output.name: classes_of(output, self.columns_of(output.name), columns) for output in self.outputs}

    @property
    def kinds(self) -> dict[str, OutputKind]:
        """What each output is looked at as."""
        columns = self.data.columns if self.data is not None else {}
        return {output.name: kind_of(output, self.columns_of(output.name), columns) for output in self.outputs}

    def place(self) -> AbstractContextManager[Any]:
        """The scope of the device. Raises WorkerError where it is not there."""
        return place(self.trained.device)

    def inputs_of(self, arrays: Mapping[str, Array]) -> Any:
        """Arrays by input, nested as the model takes them."""
        return packed(self._input_nest, lambda name: with_words(arrays[name]))

    def call(self, arrays: Mapping[str, Array], *, training: bool = False) -> Arrays:
        """What the model says, by output: the model is called as it is, which is quick for a few samples.

        `arrays` by input, each of shape (samples, *input).
        """
        with self.place():
            outputs = self.model(self.inputs_of(arrays), training=training)
        return self.by_output(outputs)

    def by_output(self, outputs: Any) -> Arrays:
        """What Keras returns for the outputs, nested as they are, by their names."""
        import keras

        flat = keras.tree.flatten(outputs)
        return {
            output.name: np.asarray(keras.ops.convert_to_numpy(value))
            for output, value in zip(self.outputs, flat, strict=True)
        }

    def _names(self) -> Mapping[str, str]:
        """Layers that were renamed have other names in a file that training started from."""
        same_file = self.spec.initial_weights == self.trained.weights
        return self.spec.initial_names if same_file else {}

    def _require_agreement(self) -> None:
        agreed = {file.sha256 for file in self.trained.agreed}
        for file in self.spec.custom_code:
            if file.sha256 not in agreed:
                raise WorkerError(
                    Text("The model needs {file}, code that nobody has agreed to run yet.", {"file": file.path})
                )

    def _compile(self) -> bool:
        named = {output.name for output in self.spec.training.outputs}
        if not named:
            return False
        compile_model(self.model, self.spec.model["config"], self.spec.training)
        return True

    def _ends(self) -> tuple[tuple[Endpoint, ...], tuple[Endpoint, ...]]:
        return endpoints(self.model, self.spec)
