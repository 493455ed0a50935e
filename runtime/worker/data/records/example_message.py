"""`tf.train.Example` as a message of protobuf, without TensorFlow.

Only the process that trains with it has TensorFlow; importing it elsewhere costs seconds and half a gigabyte. The
library that reads such messages comes with it, and is what TensorFlow itself reads them with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

# Messages with their fields: name, number, type, whether there may be many.
_MESSAGES: Final = {
    "BytesList": (("value", 1, "bytes", True),),
    "FloatList": (("value", 1, "float", True),),
    "Int64List": (("value", 1, "int64", True),),
    "Feature": (
        ("bytes_list", 1, "BytesList", False),
        ("float_list", 2, "FloatList", False),
        ("int64_list", 3, "Int64List", False),
    ),
    "Features": (("feature", 1, "Features.FeatureEntry", True),),
    # The second field is that of tf.train.SequenceExample, whose first one is the same.
    "Example": (("features", 1, "Features", False), ("feature_lists", 2, "bytes", False)),
}
_ONE_OF: Final = "Feature"
_PACKAGE: Final = "lamella"


@cache
def example_class() -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    plain = descriptor_pb2.FieldDescriptorProto
    types = {"bytes": plain.TYPE_BYTES, "float": plain.TYPE_FLOAT, "int64": plain.TYPE_INT64}
    file = descriptor_pb2.FileDescriptorProto(name="lamella/example.proto", package=_PACKAGE, syntax="proto3")

    def add(message: Any, name: str, number: int, of: str, many: bool) -> Any:
        label = plain.LABEL_REPEATED if many else plain.LABEL_OPTIONAL
        field = message.field.add(name=name, number=number, label=label, type=types.get(of, plain.TYPE_MESSAGE))
        if of not in types:
            field.type_name = f".{_PACKAGE}.{of}"
        return field

    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        if name == _ONE_OF:
            message.oneof_decl.add(name="kind")
        for field in fields:
            added = add(message, *field)
            if name == _ONE_OF:
                added.oneof_index = 0
        if name == "Features":
            entry = message.nested_type.add(name="FeatureEntry")
            entry.options.map_entry = True
            add(entry, "key", 1, "bytes", False).type = plain.TYPE_STRING
            add(entry, "value", 2, "Feature", False)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.Example"))


def parsed(records: Iterable[bytes]) -> Iterator[Any]:
    """The message of each record; None where it is none."""
    from google.protobuf.message import DecodeError

    made = example_class()
    for record in records:
        try:
            yield made.FromString(record)
        except DecodeError:
            yield None
