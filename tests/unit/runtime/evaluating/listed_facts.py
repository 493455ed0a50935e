"""What is listed, sliced, compared and written of evaluations, with a real model: see loaded_facts.py."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow.parquet as pq
from sklearn import metrics

from runtime.evaluation.folder import PREDICTIONS_FILE
from runtime.messages.evaluating import CompareEvaluations, Condition, Evaluate, ListSamples, Predict, Slice, Sliced
from runtime.messages.protocol import EvaluatorRequest
from runtime.messages.trained import On, Trained
from runtime.spec import RunSpec
from runtime.worker.evaluating import answer
from runtime.worker.evaluation.evaluator import Evaluator
from runtime.worker.process.control import WorkerError

Json = Any


def told(evaluator: Evaluator, request: EvaluatorRequest) -> Any:
    return answer(evaluator, request)


def refused(evaluator: Evaluator, request: EvaluatorRequest) -> str:
    try:
        answer(evaluator, request)
    except WorkerError as error:
        return str(error.text)
    return "was not refused"


def arrays_of(folder: str) -> dict[str, Any]:
    with np.load(Path(folder, PREDICTIONS_FILE)) as arrays:
        return {name: arrays[name] for name in arrays.files}


def classes_facts(evaluator: Evaluator, leaves: Trained, folder: Path) -> Json:
    """Pictures in folders: lists in each order, a cell of the matrix, and the list as a file."""
    evaluation = told(evaluator, Evaluate(1, leaves)).folder
    kept = arrays_of(evaluation)
    truth, scores = kept["t0"].reshape(-1).astype(int), kept["p0"]
    predicted = scores.argmax(axis=1)

    def listed(**more: Any) -> Any:
        return told(evaluator, ListSamples(1, evaluation, "tree", size=24, **more))

    wrong = listed(order="confident_wrong", wrong=True, path=str(folder / "list.csv"))
    pair = next((t, p) for t, p in zip(truth.tolist(), predicted.tolist(), strict=True) if t != p)
    cell = listed(truth=pair[0], predicted=pair[1], count=2)
    worst = listed(order="worst", first=3, count=4).samples.samples
    losses = -np.log(scores[np.arange(len(truth)), truth].astype(np.float64))
    first = wrong.samples.samples[0]
    with (folder / "list.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        "wrong": wrong.samples.total == int((truth != predicted).sum()),
        "most certain first": [one.score for one in wrong.samples.samples]
        == sorted((float(v) for v in scores.max(axis=1)[truth != predicted].astype(float)), reverse=True)[:60],
        "cell": cell.samples.total == int(((truth == pair[0]) & (predicted == pair[1])).sum()),
        "worst": np.allclose([one.score for one in worst], np.sort(losses)[::-1][3:7]),
        "names": [first.truth, first.predicted] == [
            ("birch", "maple", "oak", "willow")[int(v[first.row])] for v in (truth, predicted)
        ],
        "bars": [bar[1] for bar in first.bars] == sorted((bar[1] for bar in first.bars), reverse=True),
        "picture": [first.picture.width, first.picture.height] if first.picture is not None else None,
        "file": first.name,
        "notes": [str(note) for note in wrong.notes],
        "rows": [one.row for one in listed(rows=(5, 2, 999)).samples.samples],
        "written": [int(row["row"]) for row in rows] == [one.row for one in wrong.samples.samples]
        and all(row["right"] == "0" and row["true"] != row["predicted"] for row in rows),
        "columns": list(rows[0]),
    }  # fmt: skip


def numbers_facts(evaluator: Evaluator, houses: Trained) -> Json:
    """A table: slices by words and by numbers, held against scikit-learn over rows chosen here."""
    evaluation = told(evaluator, Evaluate(1, houses)).folder
    kept = arrays_of(evaluation)
    loaded = evaluator.loaded(houses)
    samples = evaluator.samples(loaded, On())
    raw, rows = samples.source.raw(), np.asarray(samples.rows)
    words = np.array([*raw.categories("district"), ""])[raw.take("district", rows)]
    area = raw.take("area", rows)
    sliced = told(evaluator, Slice(1, evaluation, "price"))
    mae = {
        row.where: metrics.mean_absolute_error(kept["t0"][chosen].reshape(-1), kept["p0"][chosen].reshape(-1))
        for row in sliced.rows
        if (chosen := chosen_rows(row.where, {"district": words, "area": area})) is not None
    }
    values = [row.values[0] for row in sliced.rows]
    own = told(
        evaluator,
        Slice(1, evaluation, "price", ((Condition("area", "<", 0),), (Condition("area", ">=", "100"),))),
    )
    district = words[0]
    here = told(evaluator, ListSamples(1, evaluation, "price", "worst", where=(Condition("district", "=", district),)))
    return {
        "checked": len(mae),
        "as scikit-learn": all(np.isclose(row.values[0], mae[row.where]) for row in sliced.rows if row.where in mae),
        "worst first": values == sorted(values, reverse=True) and sliced.by == "mae",
        "columns": sorted({condition.column for row in sliced.rows for condition in row.where}),
        "own": [[row.samples, row.values[0] is None] for row in own.rows],
        "area": int((area >= 100).sum()),
        "listed": here.samples.total == int((words == district).sum()),
        "cells": dict(here.samples.samples[0].cells)["district"] == district,
        "no column": refused(evaluator, Slice(1, evaluation, "price", ((Condition("nothing", "=", 1),),))),
        "no number": refused(evaluator, Slice(1, evaluation, "price", ((Condition("area", "<", "wide"),),))),
        "no date": refused(evaluator, Slice(1, evaluation, "price", ((Condition("listed", "<", "soon"),),))),
        **dates_facts(evaluator, evaluation, sliced, raw.take("listed", rows)),
        "no output": refused(evaluator, Slice(1, evaluation, "nothing")),
    }


def dates_facts(evaluator: Evaluator, evaluation: str, sliced: Sliced, seconds: Any) -> Json:
    """Slices by days are proposed and asked for as people write days."""
    first = float(np.datetime64("2024-01-01", "s").astype(np.int64))
    own = told(evaluator, Slice(1, evaluation, "price", ((Condition("listed", ">=", "2024-01-01"),),)))
    days = [condition.value for row in sliced.rows for condition in row.where if condition.column == "listed"]
    return {
        "days": sorted({str(day) for day in days}),
        "since": [own.rows[0].samples, int((seconds >= first).sum())],
    }


def chosen_rows(where: tuple[Condition, ...], columns: dict[str, Any]) -> Any:
    """Which rows meet simple conditions; None for other columns."""
    if any(condition.column not in columns for condition in where):
        return None
    ways = {"=": np.equal, "<": np.less, ">=": np.greater_equal}
    found = np.ones(len(next(iter(columns.values()))), bool)
    for condition in where:
        found &= ways[condition.compare](columns[condition.column], condition.value)
    return found


def compared_facts(evaluator: Evaluator, digits: Trained, other: Trained) -> Json:
    one, two = (told(evaluator, Evaluate(1, asked)).folder for asked in (digits, other))
    kept = [arrays_of(folder) for folder in (one, two)]
    right = [arrays["p0"].argmax(axis=1) == arrays["t0"].reshape(-1) for arrays in kept]
    found = told(evaluator, CompareEvaluations(1, one, two, "digit"))
    training = told(evaluator, Evaluate(1, digits, On("training"))).folder
    only = [len(found.only_first), len(found.only_second)]
    table = {row[0]: row[1:3] for row in found.metrics.rows}
    return {
        "both": [found.both_right, found.both_wrong]
        == [int((right[0] & right[1]).sum()), int((~right[0] & ~right[1]).sum())],
        "only": [list(found.only_first), list(found.only_second)]
        == [np.flatnonzero(right[0] & ~right[1]).tolist(), np.flatnonzero(right[1] & ~right[0]).tolist()],
        "p": found.p,
        "counts": only,
        "accuracy": np.allclose(table["accuracy"], [values.mean() for values in right]),
        "by hand": sum(math.comb(sum(only), k) for k in range(min(only) + 1)) / 2 ** (sum(only) - 1),
        "same": told(evaluator, CompareEvaluations(1, one, one, "digit")).p,
        "other samples": refused(evaluator, CompareEvaluations(1, one, training, "digit")),
    }  # fmt: skip


def predicted_facts(evaluator: Evaluator, runs: dict[str, Trained], folder: Path) -> Json:
    spec: RunSpec = evaluator.loaded(runs["houses"]).spec
    unlabelled = folder / "unlabelled.csv"
    without_price(Path(spec.data.sources[0].path), unlabelled)
    source = msgspec.structs.replace(spec.data.sources[0], path=str(unlabelled))
    other = On("all", msgspec.structs.replace(spec.data, sources=(source,)))
    paths = {ending: folder / f"out.{ending}" for ending in ("csv", "parquet", "npz")}
    for path in paths.values():
        told(evaluator, Predict(1, runs["houses"], other, str(path)))
    told(evaluator, Predict(1, runs["leaves"], On(), str(folder / "leaves.csv")))
    with paths["csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "leaves.csv").open(encoding="utf-8", newline="") as file:
        leaves = list(csv.DictReader(file))
    table = pq.read_table(paths["parquet"])
    with np.load(paths["npz"]) as arrays:
        npz = {name: arrays[name] for name in arrays.files}
    loaded = evaluator.loaded(runs["houses"])
    samples = evaluator.samples(loaded, other)
    straight = loaded.by_output(loaded.model.predict(loaded.inputs_of(samples.inputs()), verbose=0))["price"].reshape(
        -1
    )
    return {
        "columns": list(rows[0]),
        "csv": np.allclose([float(row["price"]) for row in rows], straight, rtol=1e-5),
        "parquet": np.allclose(table["price"].to_numpy(), straight, rtol=1e-5) and table.column_names == list(rows[0]),
        "npz": np.allclose(npz["price"], straight, rtol=1e-5) and list(npz) == list(rows[0]),
        "leaves": list(leaves[0]),
        "shares": all(abs(sum(float(v) for k, v in row.items() if " p " in k) - 1) < 1e-4 for row in leaves),
        "likeliest": all(
            float(row[f"tree p {row['tree']}"]) == max(float(v) for k, v in row.items() if " p " in k) for row in leaves
        ),
        "evaluated": told(evaluator, Evaluate(1, runs["houses"], other)).evaluation.labelled,
        "atlantis": refused(evaluator, Predict(1, runs["houses"], elsewhere(spec, folder), str(folder / "no.csv"))),
        "no ending": refused(evaluator, Predict(1, runs["houses"], other, str(folder / "out.txt"))),
    }  # fmt: skip


def strange_labels(evaluator: Evaluator, asked: Trained, on: On, folder: Path) -> Json:
    """Predictions of pictures whose class training did not know."""
    found = told(evaluator, Predict(1, asked, on, str(folder / "palm.csv")))
    with (folder / "palm.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {"samples": [found.samples, len(rows)], "notes": [str(note) for note in found.notes], "head": list(rows[0])}


def elsewhere(spec: RunSpec, folder: Path) -> On:
    """Houses in a district that training did not know."""
    lines = Path(spec.data.sources[0].path).read_text("utf-8").splitlines()[:9]
    place = lines[0].split(",").index("district")
    rows = [line.split(",") for line in lines[1:]]
    path = folder / "elsewhere.csv"
    written = [lines[0], *(",".join([*row[:place], "Atlantis", *row[place + 1 :]]) for row in rows)]
    path.write_text("\n".join(written) + "\n", "utf-8")
    source = msgspec.structs.replace(spec.data.sources[0], path=str(path))
    return On("all", msgspec.structs.replace(spec.data, sources=(source,)))


def without_price(path: Path, target: Path) -> None:
    """The same rows with an id in place of the price."""
    lines = path.read_text("utf-8").splitlines()
    names = lines[0].split(",")
    place = names.index("price")
    written = [",".join(["id", *(name for name in names if name != "price")])]
    for number, line in enumerate(lines[1:41]):
        cells = line.split(",")
        written.append(",".join([f"house-{number}", *(cell for at, cell in enumerate(cells) if at != place)]))
    target.write_text("\n".join(written) + "\n", "utf-8")
