"""What a run is made of as Python source: each kind of data, step and callback writes its own, in its own module."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from resources.plain import listed
from resources.python_code import shared
from resources.python_code.batched import LAYERS, LEARN, LEARN_HELPER, LEARN_IN_BLOCKS, PREPARE_BATCH
from resources.python_code.beside import beside, is_elsewhere
from resources.python_code.layout import assigned, comment, done, function, item_set, returned
from resources.python_code.parts import CallbackCode, Constant, Loading, Preparing, StepCode
from resources.python_code.pieces import CallCode, Code, SourceError, attribute, call, dict_of, name, quoted, subscript
from resources.python_code.preparing import COLUMN, LAYER, THROUGH, THROUGH_HELPER, TRAINING
from resources.python_code.several import OneOf, side_by_side
from resources.text import Text
from resources.training.metric_logs import Direction
from resources.training.sections import sources_of
from resources.training.setting import SettingError
from runtime.callback_specs import callback_module
from runtime.data_kinds import kind_module, unknown_kind
from runtime.project_spec import column_specs
from runtime.spec import SAMPLE_PREFIX, DataSource, SpecError, Step
from runtime.step_kinds import StepKind, check_step, find_step, step_module
from runtime.step_samples import StepError

IMPORT_NUMPY: Final = "import numpy as np"
_PUT_BESIDE: Final = "It lies outside the project's folder: put it beside this file."
_SHARE_OF_MEMORY: Final = 0.25  # beyond that, samples as the model takes them may not fit
_MOST_FILES: Final = 5_000
DROP: Final = "drop_missing"
_DATA: Final = name("data")
COMPLETE: Final = "Without the samples that have no value where one is needed."
PREPARE: Final = "The columns behind their steps, which learn of the samples `training` alone."
LEARNS_OF: Final = "What the layer of a column learns of."
LEARN_ABOUT: Final = "Layers that have learnt of the samples `training`, which are read in blocks."
PREPARE_EACH: Final = "The columns of a batch behind their steps."
_COPY_SAMPLE: Final = "A sample of Lamella's: copy it from resources/samples beside this file."
_Steps = Sequence[tuple[StepKind, StepCode]]


class RunCode:
    """The `RunWriter` of what lies in the folders of data sources and callbacks.

    With the `folder` of the project it is said of data that `memory`, in bytes, may not hold.
    """

    def __init__(self, folder: Path | None = None, memory: int | None = None) -> None:
        self._folder, self._memory = folder, memory

    def loading(self, data: Mapping[str, Any], columns: Sequence[str]) -> Loading | None:
        loading = self._loading_of(data, columns)
        if loading is None or loading.fed is not None or self._folder is None:
            return replace(loading, batched=None) if loading else None
        size = sum(_bytes_of(source, self._folder) for source in sources_of(data))
        memory = _memory_of_computer() if self._memory is None else self._memory
        if size <= _SHARE_OF_MEMORY * memory:
            return replace(loading, batched=None)
        batched = loading.batched
        if batched is not None:
            batched = replace(batched, remark=_in_batches(size, memory, batched.block))
        return replace(loading, remark=_large(size, memory), batched=batched)

    def _loading_of(self, data: Mapping[str, Any], columns: Sequence[str]) -> Loading | None:
        first, *others = sources_of(data)
        if not others:
            return _loading(first, columns)
        parts: list[OneOf] = []
        left = list(columns)
        for source in others:
            title, join = str(source.get("name") or ""), source.get("join")
            join = join if isinstance(join, Mapping) else {}
            by_key = join.get("by") == "key"
            before = title + "/"
            own = [column for column in left if column.startswith(before)]
            left = [column for column in left if column not in own]
            own = [column.removeprefix(before) for column in own]
            leave_out = by_key and join.get("missing") == "leave_out"
            key = (str(join.get("to") or ""), str(join.get("column") or ""))
            if by_key and (own or leave_out or _has_parts(source)):
                left, own = list(dict.fromkeys([*left, key[0]])), list(dict.fromkeys([*own, key[1]]))
            if own or _has_parts(source):
                loading = _loading(source, own)
                if loading is None:
                    return None
                how = (key, leave_out, join.get("double") == "first") if by_key else ()
                parts.append(OneOf(title, loading, *how))
        loading = _loading(first, left)
        if loading is None:
            return None
        if any(part.loading.fed is not None for part in parts) or loading.fed is not None:
            raise SourceError(
                Text("What the project's own code makes is fed as it is: it cannot be joined with other data.")
            )
        return side_by_side([*([OneOf("", loading)] if left or loading.has_parts else []), *parts])

    def preparing(self, data: Mapping[str, Any], columns: Sequence[str], *, each_batch: bool = False) -> Preparing:
        return preparing(data, columns, each_batch=each_batch)

    def callback(
        self, key: str, values: Mapping[str, Any], has_validation: bool, known: Mapping[str, Direction]
    ) -> CallbackCode:
        try:
            module = callback_module(key)
        except ModuleNotFoundError as error:
            raise SourceError(Text("There is no callback {name}.", {"name": key})) from error
        try:
            code: CallbackCode = module.SPEC.source(values, has_validation, known)
        except SettingError as error:
            raise SourceError(error.text) from error
        return code


def _has_parts(source: Mapping[str, Any]) -> bool:
    """Whether a source may say which samples train, whatever is read of it. Raises SourceError."""
    loading = _loading(source, [])
    return loading is not None and loading.has_parts


def _loading(source: Mapping[str, Any], columns: Sequence[str]) -> Loading | None:
    """Of one source. None while no file is chosen. Raises SourceError."""
    kind, options = str(source.get("kind") or ""), source.get("options") or {}
    if not kind:
        return None
    try:
        module = kind_module(kind)
    except ModuleNotFoundError as error:
        raise SourceError(unknown_kind(kind)) from error
    if not isinstance(options, Mapping):
        raise SourceError(Text("The options of the data are no named values."))
    data_source = DataSource(kind, str(source.get("path") or ""), dict(options))
    if module.KIND.on_disk and data_source.made_up:
        return None
    loading: Loading = module.source_code(data_source, columns)
    return loading


def _bytes_of(source: Mapping[str, Any], folder: Path) -> int:
    """What the data takes in files; of a folder with very many the first ones. Nothing outside the project is asked."""
    path = str(source.get("path") or "")
    if not path or path.startswith(SAMPLE_PREFIX) or is_elsewhere(path):
        return 0
    whole, entries = folder / path, 0
    try:
        if not whole.is_dir():
            return whole.stat().st_size
        size = 0
        for below, _, files in os.walk(whole):
            for file in files[: _MOST_FILES - entries]:
                size += Path(below, file).lstat().st_size
            entries += len(files)
            if entries >= _MOST_FILES:
                break
        return size
    except OSError:
        return 0  # whoever reads it says why


def _memory_of_computer() -> int:
    import psutil  # slow to import

    return int(psutil.virtual_memory().total)


def _large(size: int, memory: int) -> Text:
    return Text.of(
        "The data takes {size} GB in files, and the computer that wrote this has {memory} GB of memory. Lamella reads "
        "it while it trains, but this script reads all of it at once, and needs several times its size.",
        **_sizes(size, memory),
    )


def _in_batches(size: int, memory: int, block: int) -> Text:
    if block == 1:
        return Text.of(
            "The data takes {size} GB in files, and the computer that wrote this has {memory} GB of memory. So this "
            "script reads it batch by batch while it trains.",
            **_sizes(size, memory),
        )
    return Text.of(
        "The data takes {size} GB in files, and the computer that wrote this has {memory} GB of memory. So this script "
        "reads it batch by batch while it trains. It shuffles in blocks, as Lamella does, but in others, so the order "
        "of the samples is not the same.",
        **_sizes(size, memory),
    )


def _sizes(size: int, memory: int) -> dict[str, str]:
    return {"size": str(round(size / 2**30, 1)), "memory": str(round(memory / 2**30, 1))}


def data_file(source: DataSource) -> Constant:
    """The file of a data source in the constant DATA_FILE: beside the script as it lies beside the project."""
    if source.path.startswith(SAMPLE_PREFIX):
        return Constant("DATA_FILE", beside(source.path.removeprefix(SAMPLE_PREFIX)), before=_COPY_SAMPLE)
    if is_elsewhere(source.path):
        return Constant("DATA_FILE", beside(source.path), before=_PUT_BESIDE)
    return Constant("DATA_FILE", beside(source.path))


def preparing(data: Mapping[str, Any], columns: Sequence[str], *, each_batch: bool = False) -> Preparing:
    """Of the columns that feed something, and of those by which samples are left out. Raises SourceError."""
    try:
        specs = column_specs(data)
    except SpecError as error:
        raise SourceError(error.text) from error
    written = {column: _written(column, spec.steps) for column, spec in specs.items() if spec.steps}
    before = {column: list(_before_drop(column, steps)) for column, steps in written.items() if _drops(steps)}
    steps = {column: _after(written[column]) for column in columns if column in written}
    steps = {column: taken for column, taken in steps.items() if taken}
    used = [code for taken in (*steps.values(), *before.values()) for _, code in taken]
    if not steps and not before:
        return Preparing()
    helpers = [*(("only", "present") if before else ()), *(each for code in used for each in code.functions)]
    dates = "date_parts" in helpers
    through = any(_calls(code.result, THROUGH) for code in used)
    learning = {column: taken for column, taken in steps.items() if any(kind.adapts for kind, _ in taken)}
    by_blocks = learning if each_batch else {}
    return Preparing(
        (
            shared.PLACES,
            *((shared.DATE_PARTS,) if dates else ()),
            *shared.with_needed("prepared.py", ["samples_of", *helpers]),
            *((THROUGH_HELPER,) if through else ()),
            *((_complete(before),) if before else ()),
            *((_prepare(steps, each_batch=each_batch),) if steps else ()),
            *(_learn(by_blocks) if by_blocks else ()),
        ),
        drops=bool(before),
        prepares=bool(steps),
        learns=bool(learning),
        in_blocks=all(_in_blocks(taken) for taken in learning.values()),
        columns=tuple(before),
    )


def _written(column: str, steps: Sequence[Step]) -> _Steps:
    """Raises SourceError naming the column and the step."""
    found = []
    for place, step in enumerate(steps):
        try:
            check_step(step.step, step.settings)
            kind = find_step(step.step)
            assert kind is not None  # the check has seen to it
            found.append((kind, step_module(step.step).code(kind.values(step.settings))))
        except (SettingError, StepError) as error:
            raise SourceError(
                Text.of("{column}, step {number}: {reason}", column=column, number=place + 1, reason=error.text)
            ) from error
    return found


def _drops(steps: _Steps) -> bool:
    return any(kind.key == DROP for kind, _ in steps)


def _before_drop(column: str, steps: _Steps) -> Iterator[tuple[StepKind, StepCode]]:
    """Raises SourceError for a step that would have to learn first."""
    for kind, code in steps:
        if kind.key == DROP:
            return
        if kind.adapts:
            raise SourceError(
                Text.of("{column}: Drop missing must come before {step}, which learns from the samples that are left.",
                        column=column, step=kind.title)
            )  # fmt: skip
        yield kind, code


def _after(steps: _Steps) -> _Steps:
    return [(kind, code) for kind, code in steps if kind.key != DROP]


def _complete(columns: Mapping[str, _Steps]) -> str:
    lines: list[str] = []
    for column, steps in columns.items():
        lines += [*comment(column, 1), *_lines(column, steps)]
        lines += assigned("data", call(name("only"), _DATA, call(name("present"), COLUMN)))
    return function("complete", [*lines, *returned(_DATA)], given=["data"], about=COMPLETE)


def _prepare(columns: Mapping[str, _Steps], *, each_batch: bool) -> str:
    lines = assigned("data", call(name("dict"), _DATA))
    for column, steps in columns.items():
        titles = listed([kind.title.english() for kind, _ in steps], len(steps))
        lines += [*comment(f"{column}: {titles}", 1), *_lines(column, steps, learnt=each_batch)]
        lines += item_set("data", quoted(column), COLUMN)
    lines += returned(_DATA)
    if each_batch:
        learns = any(kind.adapts for steps in columns.values() for kind, _ in steps)
        return function(PREPARE_BATCH, lines, given=["data", *([LAYERS] if learns else [])], about=PREPARE_EACH)
    return function("prepare", lines, given=["data", "training"], about=PREPARE)


def _in_blocks(steps: _Steps) -> bool:
    """Whether what the steps of a column learn is a layer that can learn of some samples after others."""
    learning = [code for kind, code in steps if kind.adapts]
    return len(learning) == 1 and learning[0].layer is not None and learning[0].learns is not None


def _learn(columns: Mapping[str, _Steps]) -> list[str]:
    """A function for each column that says what its layer learns of, and the one that lets all of them learn."""
    functions, layers = [LEARN_HELPER], dict[str, Code]()
    for number, (column, steps) in enumerate(columns.items(), 1):
        place = next(place for place, (kind, _) in enumerate(steps) if kind.adapts)
        code, title = steps[place][1], f"learns_{number}"
        assert code.layer is not None and code.learns is not None  # so says `_in_blocks`
        lines = [*assigned("column", call(name("samples_of"), COLUMN)), *_step_lines(steps[:place])]
        lines += returned(code.learns)
        functions.append(function(title, lines, given=["column", "training"], about=LEARNS_OF))
        layers[column] = call(
            name(LEARN_IN_BLOCKS), code.layer, name(title), subscript(_DATA, quoted(column)), TRAINING
        )
    return [*functions, function(LEARN, returned(dict_of(layers)), given=["data", "training"], about=LEARN_ABOUT)]


def _lines(column: str, steps: _Steps, *, learnt: bool = False) -> list[str]:
    """`learnt`: the variable `layers` has those that learn."""
    lines = assigned("column", call(name("samples_of"), subscript(_DATA, quoted(column))))
    return lines + _step_lines(steps, subscript(name(LAYERS), quoted(column)) if learnt else None)


def _step_lines(steps: _Steps, learnt: Code | None = None) -> list[str]:
    lines: list[str] = []
    for kind, code in steps:
        if kind.adapts and learnt is not None:
            lines += [*assigned("layer", learnt), *assigned("column", code.result)]
            continue
        if code.layer is not None:
            lines += assigned("layer", code.layer)
        if code.learns is not None:
            lines += done(call(attribute(LAYER, "adapt"), code.learns))
        lines += assigned("column", code.result)
    return lines


def _calls(code: Code, function_name: str) -> bool:
    return isinstance(code, CallCode) and code.function == name(function_name)
