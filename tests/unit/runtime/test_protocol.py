"""Messages come back as they were sent, and nothing else is taken for a message."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.text import Text
from runtime.events import Event, Steps, TrainingEvent
from runtime.messages.connection import Failed
from runtime.messages.inference import CallResult, CallSpec, Infer, Inferred, OperationJson, TensorSpec
from runtime.messages.protocol import FromWorker, ProtocolError, ToWorker, decode_from_worker, decode_to_worker, encode
from runtime.messages.training import SetLearningRate

numbers = st.floats(allow_nan=False) | st.integers(-(2**60), 2**60)
json = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
texts = st.builds(Text, st.just("{a} and {b}"), st.fixed_dictionaries({"a": st.text(), "b": st.integers(0, 9)}))
operations = st.builds(
    OperationJson, st.text(), st.dictionaries(st.text(), json, max_size=3), st.text(), st.none() | st.text()
)
calls = st.builds(CallSpec, st.text(), operations, st.lists(json, max_size=3), st.dictionaries(st.text(), json))
specs = st.builds(TensorSpec, st.lists(st.none() | st.integers(0, 2**40), max_size=4).map(tuple), st.text())
results = st.builds(
    CallResult, st.text(), st.lists(specs, max_size=2).map(tuple), error=st.none() | texts, detail=st.text()
)
to_worker = st.builds(Infer, st.integers(0, 2**31), st.lists(calls, max_size=3)) | st.builds(
    SetLearningRate, st.floats(allow_nan=False)
)
from_worker = st.builds(Inferred, st.integers(0, 2**31), st.lists(results, max_size=3), st.floats(0, 1e6)) | st.builds(
    Failed, st.integers(0, 2**31), texts, st.text()
)


@given(to_worker)
def test_messages_to_a_worker_come_back(message: Any) -> None:
    assert decode_to_worker(encode(message)) == message


@given(from_worker)
def test_messages_from_a_worker_come_back(message: Any) -> None:
    assert decode_from_worker(encode(message)) == message


def test_metrics_that_are_no_numbers_come_back() -> None:
    message = Steps(0, 0, ("loss",), [[float("nan")], [float("inf")]])
    read = decode_from_worker(encode(message))
    assert isinstance(read, Steps)
    assert read.values[0][0] != read.values[0][0]
    assert read.values[1] == [float("inf")]


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_to_worker(data)
    with pytest.raises(ProtocolError):
        decode_from_worker(data)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "Infer", "id": 1, "calls": [], "more": 1},
        {"type": "Infer", "id": "1", "calls": []},
        {"type": "Infer", "calls": []},
        {"type": "Surprise", "id": 1},
        {"id": 1, "calls": []},
        {"type": "Ready", "version": 1, "keras_version": "", "backend": "", "backend_version": ""},
    ],
)
def test_unknown_fields_wrong_types_and_wrong_directions_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        decode_to_worker(msgspec.msgpack.encode(fields))


def test_parts_of_messages_refuse_unknown_fields_too() -> None:
    operation = {"class_name": "Dense", "config": {}, "code": "print()"}
    call = {"id": "a", "operation": operation}
    with pytest.raises(ProtocolError, match="code"):
        decode_to_worker(msgspec.msgpack.encode({"type": "Infer", "id": 1, "calls": [call]}))


def test_a_deep_tree_is_refused_and_not_the_end() -> None:
    deep: Any = 0
    data = b"\x91" * 100_000 + msgspec.msgpack.encode(deep)
    with pytest.raises(ProtocolError):
        decode_to_worker(data)


def test_every_message_has_a_type_of_its_own() -> None:
    names = [kind.__name__ for union in (ToWorker, FromWorker) for kind in get_args(union)]
    assert len(names) == len(set(names))
    assert all(
        kind.__struct_config__.tag == kind.__name__ for union in (ToWorker, FromWorker) for kind in get_args(union)
    )


WRITTEN = r"""
{"type":"RunStarted","device":"cpu","steps_per_epoch":3,"epochs":2,"samples":96,"validation_samples":24,"parameters":1000,"trainable":900,"seq":1,"time":1.5}
{"type":"EpochStarted","epoch":0,"seq":2,"time":1.5}
{"type":"Steps","epoch":0,"first_step":0,"names":["loss","acc"],"values":[[0.5,0.25],[0.25,0.5]],"seq":3,"time":1.5}
{"type":"EpochEnded","epoch":0,"logs":{"loss":0.5,"val_loss":1.5},"learning_rate":0.1,"seconds":2.5,"seq":4,"time":1.5}
{"type":"LearningRateChanged","step":3,"value":0.5,"reason":"manual","seq":5,"time":1.5}
{"type":"Paused","seq":6,"time":1.5}
{"type":"Resumed","seq":7,"time":1.5}
{"type":"CheckpointSaved","epoch":1,"monitor":"val_loss","value":0.5,"path":"best.keras","seq":8,"time":1.5}
{"type":"CallbackNote","text":{"template":"Too {what}","args":{"what":"hot"}},"seq":9,"time":1.5}
{"type":"RunEnded","status":"completed","epoch":2,"seconds":4.5,"model_path":"model.keras","best":{"loss":0.25},"seq":10,"time":1.5}
{"type":"RunFailed","error":{"template":"Too {what}","args":{"what":"hot"}},"detail":"why","seq":11,"time":1.5}
{"type":"DirectionsKnown","directions":{"loss":"min","auc":"max"},"seq":12,"time":1.5}
"""  # as trainers have written them since the first run, the last one since versions that ask Keras what is better


def test_events_are_written_and_sent_as_ever() -> None:
    """A run folder of an earlier version is read, and an earlier version reads what is written now."""
    lines = WRITTEN.strip().splitlines()
    read = [msgspec.json.decode(line, type=TrainingEvent) for line in lines]
    assert [msgspec.json.encode(event).decode() for event in read] == lines
    assert [event.seq for event in read] == list(range(1, 13)) and {event.time for event in read} == {1.5}
    assert {type(event) for event in read} == set(get_args(TrainingEvent))
    for line, event in zip(lines, read, strict=True):
        fields = msgspec.json.decode(line)
        assert encode(event) == msgspec.msgpack.encode(fields)
        assert decode_from_worker(msgspec.msgpack.encode(fields)) == event


def test_the_number_and_the_time_of_an_event_stand_in_one_place() -> None:
    for kind in get_args(TrainingEvent):
        assert issubclass(kind, Event) and {"seq", "time"}.isdisjoint(kind.__annotations__)
