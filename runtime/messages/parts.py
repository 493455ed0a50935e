"""What all messages, and all their parts, have in common."""

from typing import Any

import msgspec

Json = Any  # a tree of None, bool, int, float, str, list and dict; the worker checks what it reads from it
Shape = tuple[int | None, ...]  # None: a size that is known only when data arrives


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a message: a plain frozen value. Unknown fields are errors."""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True, tag_field="type"):
    """A whole message. Those with an `id` are requests or their answers; a request has exactly one answer."""
