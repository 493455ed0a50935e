"""Runs of the templates, and what an evaluator makes of them, in a process with Keras.

`python -m tests.unit.runtime.evaluating.loaded_facts FOLDER` writes it as JSON; test_loaded.py says what must be true.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from app.project.project_questions import run_spec
from graph_editor.document.files.file_format import load
from resources.training.settings.epochs import SETTING as EPOCHS
from runtime.evaluation.folder import PREDICTIONS_FILE, evaluations_of, mistakes_of
from runtime.evaluation.kept_data import DATA_FILE
from runtime.messages.evaluating import Evaluate, Evaluated
from runtime.messages.trained import GivenTensor, GivenValue, On, OneSample, Trained
from runtime.messages.views import Samples as SamplesView
from runtime.model_configs.ends import interface
from runtime.spec import CodeFile, RunSpec
from runtime.store import MODEL_FILE, RunStore
from runtime.worker.evaluation.answers import evaluate
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.evaluation.loaded import Loaded
from runtime.worker.evaluation.predicting import predict
from runtime.worker.evaluation.samples import Samples
from runtime.worker.process.control import Control, WorkerError
from runtime.worker.training.compiling import packed
from runtime.worker.training.train import train
from tests.support.trees import ROOT
from tests.unit.runtime.evaluating.listed_facts import (
    classes_facts,
    compared_facts,
    numbers_facts,
    predicted_facts,
    strange_labels,
)
from tests.unit.runtime.evaluating.tried_facts import tried_facts, without_data

TEMPLATES = ROOT / "resources" / "templates"
Json = Any


def trained(folder: Path, name: str, epochs: int = 1) -> Trained:
    """A few epochs of a template."""
    spec = run_spec(load(TEMPLATES / f"{name}.lamella"), TEMPLATES / f"{name}.lamella", name)
    settings = msgspec.structs.replace(spec.training, **{EPOCHS.key: epochs})
    run = RunStore(folder).new_run(msgspec.structs.replace(spec, training=settings), b"{}")
    train(msgspec.structs.replace(spec, training=settings), run, Control(), lambda _event: None)
    return Trained(str(run), str(run / MODEL_FILE))


def given(evaluator: Evaluator, loaded: Loaded, row: int) -> dict[str, GivenValue]:
    """A sample of the validation part as a person would give it: words, numbers, and the file of a picture."""
    samples = evaluator.samples(loaded, On())
    raw, place = samples.source.raw(), np.array([samples.rows[row]])
    fed = {column for one in loaded.inputs for column in columns_of(loaded.spec, one.name)}
    return {
        name: given_value(loaded, name, raw.take(name, place)[0], raw, place)
        for name in evaluator.kept(loaded).columns
        if name in fed
    }


def given_value(loaded: Loaded, name: str, value: Any, raw: Any, place: Any) -> GivenValue:
    assert loaded.data is not None
    column = loaded.data.columns[name]
    if column.file is not None:
        file = Path(loaded.spec.data.sources[0].path, str(raw.take("name", place)[0]))
        return GivenValue(file=file.read_bytes())
    if column.categories:
        return GivenValue(text=column.categories[int(value)] if value >= 0 else "")
    if isinstance(value, str):
        return GivenValue(text=value)
    if np.ndim(value):
        return GivenValue(tensor=GivenTensor(value.shape, str(value.dtype), value.tobytes()))
    return GivenValue(number=float(value)) if np.isfinite(value) else GivenValue()


def columns_of(spec: RunSpec, target: str) -> tuple[str, ...]:
    binding = spec.binding(target)
    assert binding is not None
    return binding.columns


def as_keras_predicts(loaded: Loaded, samples: Samples) -> float:
    """The largest difference between our predictions and those of `Model.predict`; the last batch is not full."""
    found = predict(loaded, samples)
    size = loaded.trained.batch_size
    assert samples.count > size and samples.count % size
    theirs = loaded.by_output(loaded.model.predict(loaded.inputs_of(samples.inputs()), batch_size=size, verbose=0))
    assert all(found[name].shape == theirs[name].shape and found[name].dtype == theirs[name].dtype for name in theirs)
    return max(float(np.abs(found[name] - theirs[name]).max()) for name in theirs)


def facts(evaluator: Evaluator, asked: Trained) -> Json:
    loaded = evaluator.loaded(asked)
    samples = evaluator.samples(loaded, On())
    inputs, truths = samples.take([0, 1, 2])
    fed = [batch for batch, _ in samples.batches(7)]
    whole = {name: np.concatenate([batch[name].copy() for batch in fed]) for name in inputs}
    row = evaluator.one(loaded, OneSample(On(), 1))
    by_hand = evaluator.one(loaded, OneSample(values=given(evaluator, loaded, 1)))
    other = evaluator.samples(loaded, On(other=loaded.spec.data))
    elsewhere, _ = other.take([int(samples.rows[1])])
    called, predicted = loaded.call(row), loaded.by_output(loaded.model.predict(loaded.inputs_of(row), verbose=0))
    return {
        "kinds": loaded.kinds,
        "classes": loaded.classes,
        "count": samples.count,
        "labelled": samples.labelled,
        "truths": {name: list(values.shape) for name, values in truths.items()},
        "row as fed": all(np.array_equal(row[name][0], inputs[name][1]) for name in inputs),
        "batches as taken": all(np.array_equal(whole[name][:3], inputs[name]) for name in inputs),
        "all fed": {name: len(values) for name, values in whole.items()},
        "given as fed": all(np.array_equal(by_hand[name], row[name]) for name in row),
        "other as fed": all(np.array_equal(elsewhere[name], row[name]) for name in row),
        "called as predicted": max(float(np.abs(called[name] - predicted[name]).max()) for name in called),
        "predicted as Keras does": as_keras_predicts(loaded, samples),
        "notes": [str(note) for note in samples.notes],
        "evaluated": evaluated(evaluator, loaded),
    }


def evaluated(evaluator: Evaluator, loaded: Loaded) -> Json:
    """What is told of the validation part, beside what `Model.evaluate` says of the same arrays."""
    answer = evaluate.answer(evaluator, Evaluate(1, msgspec.structs.replace(loaded.trained, batch_size=16)))
    assert isinstance(answer, Evaluated)
    samples = evaluator.samples(loaded, On())
    truths = samples.truths()
    truth = packed(interface(loaded.spec.model, "output_layers"), lambda name: truths[name])
    inputs = loaded.inputs_of(samples.inputs())
    keras_own = loaded.model.evaluate(inputs, truth, batch_size=samples.count, verbose=0, return_dict=True)
    (stored,) = [one.file for one in evaluations_of(Path(loaded.trained.folder)) if one.folder == Path(answer.folder)]
    with np.load(Path(answer.folder, PREDICTIONS_FILE)) as arrays:
        shapes = {name: list(arrays[name].shape) for name in arrays.files}
    return {
        "metrics": answer.evaluation.metrics,
        "keras": keras_own,
        "stored": stored == answer.evaluation,
        "shapes": shapes,
        "mistakes": {name: mistakes_facts(worst) for name, worst in mistakes_of(Path(answer.folder)).items()},
        "figures": {output.name: [figure.key for figure in output.figures] for output in answer.evaluation.outputs},
    }


def mistakes_facts(worst: SamplesView) -> Json:
    return {
        "total": worst.total,
        "shown": len(worst.samples),
        "all wrong": all(one.right is False and one.predicted != one.truth for one in worst.samples),
        "no verdict": all(one.right is None for one in worst.samples),
        "scores": [one.score for one in worst.samples],
        "pictures": sum(one.picture is not None for one in worst.samples),
    }


def refusal(work: Any) -> str:
    try:
        work()
    except WorkerError as error:
        return str(error.text)
    return "was not refused"


def refusals(evaluator: Evaluator, house: Trained, leaf: Trained, folder: Path) -> Json:
    loaded, words = evaluator.loaded(house), evaluator.loaded(leaf)
    values = given(evaluator, loaded, 0)
    code = msgspec.structs.replace(loaded.spec, custom_code=(CodeFile("mine.py", "00"),))
    strange = {name: GivenValue(text="many") if value.number is not None else value for name, value in values.items()}
    own = words.spec.data
    source = msgspec.structs.replace(own.sources[0], path=str(folder / "other"))
    return {
        "test part": refusal(lambda: evaluator.samples(loaded, On("test"))),
        "gone": refusal(lambda: evaluator.loaded(Trained(house.folder, house.folder + "/nothing.keras"))),
        "other model": refusal(lambda: evaluator.loaded(Trained(house.folder, leaf.weights))),
        "code": refusal(lambda: evaluator.loaded(Trained("", house.weights, code))),
        "no run": refusal(lambda: evaluator.loaded(Trained(str(folder), house.weights))),
        "text for number": refusal(lambda: evaluator.one(loaded, OneSample(values=strange))),
        "no picture": refusal(
            lambda: evaluator.one(words, OneSample(values={"image": GivenValue(file=b"not a picture")}))
        ),
        "nothing": refusal(lambda: evaluator.one(words, OneSample(values={"image": GivenValue()}))),
        "new class": refusal(
            lambda: evaluator.samples(
                words, On(other=msgspec.structs.replace(own, sources=(source,)))
            ).take(range(4))
        ),
    }  # fmt: skip


def other_leaves(folder: Path, loaded: Loaded) -> None:
    """A folder with a class that training did not know, and one less: the others have other numbers."""
    own = Path(loaded.spec.data.sources[0].path)
    classes = sorted(path.name for path in own.iterdir() if path.is_dir())
    for name, new in ((classes[1], classes[1]), (classes[2], "palm")):
        (folder / new).mkdir(parents=True)
        for path in sorted((own / name).iterdir())[:2]:
            shutil.copy(path, folder / new / path.name)


def main(folder: Path) -> None:
    evaluator = Evaluator()
    runs = {name: trained(folder / "runs", name) for name in ("digits", "houses", "sentences", "leaves")}
    found = {name: facts(evaluator, asked) for name, asked in runs.items()}
    found["tried"] = {name: tried_facts(evaluator, asked) for name, asked in runs.items()}
    again = trained(folder / "runs", "digits", 2)
    found["listed"] = classes_facts(evaluator, runs["leaves"], folder)
    found["sliced"] = numbers_facts(evaluator, runs["houses"])
    found["compared"] = compared_facts(evaluator, runs["digits"], again)
    found["predicted"] = predicted_facts(evaluator, runs, folder)
    found["tried without data"] = without_data(evaluator, runs["houses"], folder)
    loaded = evaluator.loaded(runs["leaves"])
    other_leaves(folder / "other", loaded)
    found["refused"] = refusals(evaluator, runs["houses"], runs["leaves"], folder)
    source = msgspec.structs.replace(loaded.spec.data.sources[0], path=str(folder / "other"))
    other = On(other=msgspec.structs.replace(loaded.spec.data, sources=(source,)))
    found["palm"] = strange_labels(evaluator, runs["leaves"], other, folder)
    shutil.rmtree(folder / "other" / "palm")
    few = evaluator.samples(loaded, other)
    found["few"] = [int(one) for one in few.take([0, 1])[1]["tree"].reshape(-1)]
    (Path(runs["houses"].folder) / DATA_FILE).unlink()  # as an older Lamella left it
    found["without data.json"] = facts(Evaluator(), runs["houses"])
    (folder / "facts.json").write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
