"""Reading and rebuilding the arguments of a call: a tree of literals and tensors, addressed by paths."""

from collections.abc import Callable, Mapping
from typing import Any

from graph_editor.document.graph import Argument, ArgumentPath, Call, TensorRef

Arguments = tuple[tuple[Argument, ...], dict[str, Argument]]
_GONE = object()


def read(call: Call, path: ArgumentPath) -> Argument:
    """Return what stands at ``path``; None when nothing does."""
    node: Any = list(call.args) if path[0] == "args" else call.kwargs
    for key in path[1:]:
        in_list = isinstance(node, list | tuple) and isinstance(key, int) and key < len(node)
        if not in_list and not (isinstance(node, Mapping) and key in node):
            return None
        node = node[key]
    return node


def with_tensor(call: Call, path: ArgumentPath, tensor: TensorRef) -> Arguments:
    """The arguments of ``call`` with ``tensor`` at ``path``; a list grows by as much as is needed."""
    return _rebuilt(call, path, tensor)


def with_inserted(call: Call, path: ArgumentPath, tensor: TensorRef) -> Arguments:
    """The arguments with ``tensor`` put before what stands at ``path``, the index of a list."""
    siblings = read(call, path[:-1])
    if not isinstance(siblings, list) or not isinstance(path[-1], int):
        return with_tensor(call, path, tensor)
    grown = [*siblings[: path[-1]], tensor, *siblings[path[-1] :]]
    return _rebuilt(call, path[:-1], grown)


def without(call: Call, drop: Callable[[ArgumentPath, TensorRef], bool], gaps: bool = False) -> Arguments:
    """The arguments without the tensors for which ``drop`` is true.

    Lists close the gap, or with ``gaps`` keep a None there, for those who tell their tensors apart by their places.
    A positional argument becomes None where others follow, else it goes.
    """
    args = [_pruned(argument, ("args", index), drop, gaps) for index, argument in enumerate(call.args)]
    while args and args[-1] is _GONE:
        args.pop()
    kwargs = {key: _pruned(argument, ("kwargs", key), drop, gaps) for key, argument in call.kwargs.items()}
    return (
        tuple(None if argument is _GONE else argument for argument in args),
        {key: argument for key, argument in kwargs.items() if argument is not _GONE},
    )


def mapped(call: Call, change: Callable[[TensorRef], TensorRef | None], gaps: bool = False) -> Arguments:
    """The arguments with every tensor replaced by ``change`` of it, those that give None taken away."""
    args, kwargs = without(call, lambda _path, tensor: change(tensor) is None, gaps)
    return tuple(substitute(argument, change) for argument in args), {
        key: substitute(argument, change) for key, argument in kwargs.items()
    }


def substitute(argument: Argument, change: Callable[[TensorRef], Any]) -> Argument:
    """The tree with each tensor replaced by ``change`` of it."""
    if isinstance(argument, TensorRef):
        return change(argument)
    if isinstance(argument, list | tuple):
        return [substitute(item, change) for item in argument]
    if isinstance(argument, Mapping):
        return {key: substitute(item, change) for key, item in argument.items()}
    return argument


def _rebuilt(call: Call, path: ArgumentPath, value: Argument) -> Arguments:
    if path[0] == "args":
        return tuple(_placed(list(call.args), path[1:], value)), dict(call.kwargs)
    return call.args, _placed(dict(call.kwargs), path[1:], value)


def _placed(node: Any, path: ArgumentPath, value: Argument) -> Any:
    if not path:
        return value
    key = path[0]
    if isinstance(key, int):
        items = list(node) if isinstance(node, list | tuple) else [node] if node is not None else []
        items += [None] * (key + 1 - len(items))
        items[key] = _placed(items[key], path[1:], value)
        return items
    entries = dict(node) if isinstance(node, Mapping) else {}
    entries[key] = _placed(entries.get(key), path[1:], value)
    return entries


def _pruned(argument: Argument, path: ArgumentPath, drop: Callable[[ArgumentPath, TensorRef], bool], gaps: bool) -> Any:
    if isinstance(argument, TensorRef):
        return _GONE if drop(path, argument) else argument
    if isinstance(argument, list | tuple):
        items = [_pruned(item, (*path, index), drop, gaps) for index, item in enumerate(argument)]
        items_left = [item for item in items if item is not _GONE]
        if gaps and any(item is not None for item in items_left):
            return [None if item is _GONE else item for item in items]
        return _GONE if items and len(items_left) < len(items) and (gaps or not items_left) else items_left
    if isinstance(argument, Mapping):
        entries = {key: _pruned(item, (*path, key), drop, gaps) for key, item in argument.items()}
        remaining = {key: item for key, item in entries.items() if item is not _GONE}
        return _GONE if entries and not remaining else remaining
    return argument
