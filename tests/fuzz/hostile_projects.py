"""Projects that are hostile in every string, key and number: made from real ones by putting payloads into them."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

Json = Any
RESOURCES: Final = Path(__file__).parents[2] / "resources"
CANARY: Final = "lamella_canary"
CALL: Final = f"{CANARY}()"
PAYLOADS: Final = (
    f"x); {CALL} #",
    f'"); {CALL} #',
    f"'); {CALL} #",
    f'"""\n{CALL}\n"""',
    f"'''\n{CALL}\n'''",
    f"a\n{CALL}\n#",
    f"a\r{CALL}\r#",
    f"a\r\n{CALL}\r\n",
    f"a\u2028{CALL}\u2029",
    f"a\x0c{CALL}\x0b{CALL}\x85{CALL}\x1c",
    f"\\\n{CALL}",
    f'\\"); {CALL} #',
    f"\\'); {CALL} #",
    "\\",
    "ends with \\",
    '"',
    "'",
    "\"'",
    '"""',
    "'''",
    f"{{{CALL}}}",
    "{0.__class__.__mro__}",
    "{title}",
    "%(title)s %s %n",
    f"%run {CANARY}",
    f"!touch {CANARY}",
    f"%%bash\ntouch {CANARY}",
    f"?{CANARY}",
    f"{CANARY}?",
    f'__import__("os").system("touch {CANARY}")',
    f"os\nimport {CANARY}\n#",
    f"=1, **{{{CALL}: 1}}, x",
    f"x={CALL}, y",
    f"lambda: {CALL}",
    f"name: {CALL}",
    f"# -*- coding: utf-7 -*-\n{CALL}",
    f"coding=utf-7 +AGw-{CALL}",
    "# type: ignore",
    "__class__",
    "__init__",
    "__import__",
    "__future__",
    "__builtins__",
    "__debug__",
    "class",
    "None",
    "lambda",
    "match",
    "_",
    "print",
    "exec",
    "keras",
    "np",
    "os",
    "builtins",
    "model",
    "main",
    "build_model",
    "named",
    "load_data",
    "x",
    "build_inner",
    CANARY,
    "\u202e" + CALL,
    "\ufeff" + CALL,
    "\u0000" + CALL,
    "\ud800" + CALL,
    "\udfff",
    "\U0001f355",
    "ﬁ",  # NFKC makes it fi
    "ｅｘｅｃ",
    "레이어 이름",
    "e\u0301",
    "",
    " ",
    "\n",
    "/dev/zero",
    "//host/share",
    "sample:../../x",
    f"</script><!-- {CALL} -->",
    "=cmd|' /C calc'!A0",
    "9" * 300,
    "(" * 300,
    "[" * 300,
    "z" * 3000,
    f"{'z' * 200}; {CALL}",
    f"{' ' * 200}\n{CALL}",
)
NUMBERS: Final = (0, -1, 1, -0.0, 1e308, 5e-324, math.nan, math.inf, -math.inf, 10**400, True, False, None)


def seeds() -> list[Json]:
    """Whole projects: those that Lamella brings along, its blocks, and one of everything else that becomes source."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted((RESOURCES / "templates").glob("*.lamella"))]
    blocks = [json.loads(path.read_text("utf-8")) for path in sorted((RESOURCES / "blocks").glob("*.lamella-block"))]
    return [*found, *map(_of_block, blocks), _everything()]


def _of_block(block: Json) -> Json:
    project = {key: value for key, value in block["boxes"].items() if key not in ("lamella", "incoming")}
    outgoing = [{"$tensor": tensor} for tensor in block["outgoing"]]
    return {**project, "graph": {**project["graph"], "outputs": outgoing}}


def _everything() -> Json:
    """Indices, constants, code of the project's own, tensors and objects among the arguments, data made up."""
    number = {"$tensor": ["c1", 0]}
    part = {"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": 2}}
    array = {"class_name": "__numpy__", "config": {"value": [1.0, 2.0], "dtype": "float32"}}
    tensor = {"class_name": "__tensor__", "config": {"value": [1.0, 2.0], "dtype": "float32"}}
    own = {"module": "own_code", "class_name": "Start", "config": {"k": 1}, "registered_name": "own>Start"}
    function = {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}
    operation = "keras.src.ops.numpy"
    return {
        "format_version": 2,
        "keras_version": "3.0.0",
        "graph": {
            "name": "everything",
            "operations": {
                "o1": {
                    "class_name": "InputLayer",
                    "module": "keras.layers",
                    "config": {"name": "i", "batch_shape": [None, 4, 6], "dtype": "float32"},
                },
                "o2": {
                    "class_name": "GetItem",
                    "module": operation,
                    "registered_name": "GetItem",
                    "config": {"name": "get_item"},
                },
                "o3": {"class_name": "Add", "module": operation, "registered_name": "Add", "config": {"name": "add"}},
                "o4": {
                    "class_name": "Scale",
                    "module": "own_code",
                    "registered_name": "own>Scale",
                    "config": {"name": "scale", "factor": 2.0, "start": own},
                },
                "o5": {
                    "class_name": "Dense",
                    "module": "keras.layers",
                    "config": {"name": "dense", "units": 4, "activation": function, "kernel_initializer": own},
                },
                "o6": {
                    "class_name": "Lambda",
                    "module": "keras.layers",
                    "config": {"name": "lambda", "function": function},
                },
            },
            "calls": {
                "c1": {"operation": "o1"},
                "c2": {"operation": "o2", "args": [number, [part, {"class_name": "__ellipsis__", "config": {}}, 0]]},
                "c3": {"operation": "o3", "args": [{"$tensor": ["c2", 0]}, array]},
                "c4": {"operation": "o4", "args": [{"$tensor": ["c3", 0]}], "kwargs": {"scale": tensor, "own": own}},
                "c5": {"operation": "o5", "args": [{"$tensor": ["c4", 0]}]},
                "c6": {"operation": "o5", "args": [{"$tensor": ["c5", 0]}], "kwargs": {"training": False}},
                "c7": {"operation": "o6", "args": [{"$tensor": ["c6", 0]}], "kwargs": {"mask": None}},
            },
            "inputs": {"i": number},
            "outputs": {"o": {"$tensor": ["c7", 0]}, "p": [{"$tensor": ["c5", 0]}]},
        },
        "canvas": {"positions": {}},
        "data": {
            "sources": [
                {
                    "kind": "random",
                    "options": {
                        "seed": 1,
                        "samples": 100,
                        "columns": {
                            "a": {"kind": "float", "shape": [4, 6], "minimum": -1.0, "maximum": 3.0},
                            "b": {"kind": "integer", "shape": [], "minimum": 0, "maximum": 3},
                        },
                    },
                }
            ],
            "bindings": {"i": "a", "lambda": "b", "dense": ["b", "a"]},
            "validation_percent": 20,
        },
        "training": {
            "outputs": {
                "lambda": {"loss": "MeanSquaredError", "metrics": ["accuracy", "MeanAbsoluteError"], "weight": 0.5},
                "dense": {"loss": {"class_name": "Huber", "config": {"delta": 2.0}}, "metrics": []},
            },
            "optimizer": {"class_name": "Adam", "config": {"learning_rate": own}},
            "callbacks": {"early_stopping": {"patience": 3}, "best_checkpoint": {}, "tensorboard": {}},
            "initial_weights": "start.weights.h5",
            "batch_size": 8,
            "epochs": 2,
            "seed": 7,
        },
        "custom_code": {"files": ["code/own_code.py"]},
    }


def hostile(seed: Json, chance: random.Random) -> Json:
    """A project made of ``seed``: some of its strings are payloads, wherever they stand or in single places."""
    project = seed
    if chance.random() < 0.8:  # the same everywhere, so that what refers to each other still does
        project = _everywhere(project, chance)
    if chance.random() < 0.6:
        share = chance.choice((0.002, 0.01, 0.05, 0.3))
        project = _in_places(project, chance, share, 0)
    if chance.random() < 0.25:
        _add_argument(project, chance)
    if chance.random() < 0.25:
        project = _own_code(project, chance)
    return project


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value


_STRUCTURE: Final = frozenset(
    (
        *("format_version", "keras_version", "graph", "nested_graphs", "canvas", "data", "training", "operations"),
        *("calls", "operation", "inputs", "outputs", "args", "kwargs", "$tensor", "class_name", "module", "config"),
        *("registered_name", "name", "sources", "kind", "options", "columns", "path", "bindings", "custom_code"),
        *("files", "InputLayer", "keras.layers", "callbacks", "optimizer", "loss", "metrics", "positions"),
    )
)


def _class_names(value: Json) -> frozenset[str]:
    """Of what becomes of these, the reader refuses nearly everything."""
    if isinstance(value, list):
        return frozenset().union(*map(_class_names, value))
    if not isinstance(value, dict):
        return frozenset()
    own = {item for key, item in value.items() if key in ("class_name", "module") and isinstance(item, str)}
    return frozenset(own).union(*map(_class_names, value.values()))


def _everywhere(project: Json, chance: random.Random) -> Json:
    texts = sorted(set(_strings(project)))
    spare = _STRUCTURE if chance.random() < 0.95 else frozenset()
    if chance.random() < 0.8:
        spare |= _class_names(project)
    share = chance.choice((0.03, 0.2, 0.6, 1.0))
    mapping = {text: _payload(chance) for text in texts if text not in spare and chance.random() < share}
    return _replaced(project, lambda text: mapping.get(text, text))


def _replaced(value: Json, change: Callable[[str], str]) -> Json:
    if isinstance(value, dict):
        return {change(key): _replaced(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


def _in_places(value: Json, chance: random.Random, share: float, depth: int) -> Json:
    if depth > 1 and chance.random() < share * (0.1 if isinstance(value, dict | list) else 1.0):
        return _value(chance)
    if isinstance(value, dict):
        items = list(value.items())
        return {
            (_payload(chance) if chance.random() < share * _weight(key) else key): _in_places(
                item, chance, share, depth + 1
            )
            for key, item in items
        }
    return [_in_places(item, chance, share, depth + 1) for item in value] if isinstance(value, list) else value


def _weight(key: str) -> float:
    """What a project cannot do without is seldom changed, or nothing would be left to write."""
    return 0.05 if key in _STRUCTURE else 1.0


def _payload(chance: random.Random) -> str:
    text = chance.choice(PAYLOADS)
    return text if chance.random() < 0.7 else text + chance.choice(("", "_1", chance.choice(PAYLOADS)))


def _value(chance: random.Random) -> Json:
    kind = chance.randrange(7)
    if chance.random() < 0.001:
        return -(10**5000)
    if kind < 2:
        return chance.choice(NUMBERS)
    if kind == 2:
        value: Json = _payload(chance)
        for _ in range(chance.choice((1, 3, 30, 95, 300))):
            value = [value] if chance.random() < 0.5 else {_payload(chance): value}
        return value
    if kind == 3:
        described = {"class_name": _payload(chance), "config": {_payload(chance): _payload(chance)}}
        return {**described, "module": _payload(chance), "registered_name": chance.choice((None, _payload(chance)))}
    if kind == 4:
        marked = chance.choice(("__slice__", "__ellipsis__", "__numpy__", "__tensor__", "__keras_tensor__"))
        parts = {key: chance.choice((_payload(chance), None, 1)) for key in ("start", "stop", "step", "value", "dtype")}
        return {"class_name": marked, "config": parts}
    return _payload(chance)


def _calls(project: Json) -> Json:
    graph = project.get("graph")
    calls = graph.get("calls") if isinstance(graph, dict) else None
    return [call for call in calls.values() if isinstance(call, dict)] if isinstance(calls, dict) else []


def _add_argument(project: Json, chance: random.Random) -> None:
    for call in _calls(project):
        if chance.random() < 0.3:
            kwargs = call.get("kwargs")
            added = {_payload(chance): _value(chance)}
            call["kwargs"] = {**kwargs, **added} if isinstance(kwargs, dict) else added


def _own_code(project: Json, chance: random.Random) -> Json:
    """Files of code called as payloads are, and operations and objects of that name."""
    module, class_name = _payload(chance), _payload(chance)
    own = {
        "module": module,
        "class_name": class_name,
        "registered_name": chance.choice((class_name, "a>" + class_name)),
    }
    graph = project.get("graph")
    operations = graph.get("operations") if isinstance(graph, dict) else None
    for operation in operations.values() if isinstance(operations, dict) else ():
        if isinstance(operation, dict) and chance.random() < 0.3:
            operation.update(own)
            config = operation.get("config")
            if isinstance(config, dict):
                config["own"] = {**own, "config": {_payload(chance): 1}}
    return {**project, "custom_code": {"files": [f"{_payload(chance)}/{module}.py", f"{module}.py"]}}
