"""How much memory this process can still have: what the machine has, and what a container or a batch system allows."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc/self/cgroup")
_GROUPS: Final = Path("/sys/fs/cgroup")
_UNLIMITED: Final = 2**60  # version 1 writes a number near 2**63 where there is no limit


def free_memory() -> int:
    """Bytes. The least of what is free in the machine, in every control group around this process, and by `ulimit`."""
    import psutil  # slow to import, and the window lists kinds of data that ask for this when they are read

    return max(0, min([int(psutil.virtual_memory().available), *_left_in_groups(_PROC, _GROUPS), *_left_by_limits()]))


def _left_in_groups(proc: Path, groups: Path) -> Iterator[int]:
    """`proc` is the list of this process's control groups, `groups` where their file systems are mounted."""
    lines: list[str] = []
    with contextlib.suppress(OSError, UnicodeDecodeError):  # no Linux
        lines = proc.read_text("utf-8").splitlines()
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0" and not controllers:
            root, names = groups, ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            root, names = groups / "memory", ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        else:
            continue
        # In a container the path is often that of the outside: what is mounted at the root counts as well.
        own = root / path.strip("/")
        for folder in dict.fromkeys((own, *own.parents)):
            if folder == root or root in folder.parents:
                with contextlib.suppress(OSError, ValueError):  # not there, or no limit ("max")
                    yield _left(folder, *names)


def _left(folder: Path, limit_name: str, used_name: str, cache_name: str) -> int:
    limit = int((folder / limit_name).read_text("ascii"))
    if limit >= _UNLIMITED:
        raise ValueError("no limit")
    used = int((folder / used_name).read_text("ascii"))
    return limit - used + _cache(folder, cache_name)


def _cache(folder: Path, name: str) -> int:
    """Pages of files that the kernel gives back when memory is wanted; they count as used."""
    with contextlib.suppress(OSError):
        for line in (folder / "memory.stat").read_text("ascii").splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
    return 0


def _left_by_limits() -> Iterator[int]:
    """What `ulimit -v` and `ulimit -d` leave."""
    try:
        import resource
    except ImportError:  # Windows
        return
    import psutil

    info = psutil.Process().memory_info()
    for name, used in (("RLIMIT_AS", info.vms), ("RLIMIT_DATA", getattr(info, "data", 0))):
        limit = resource.getrlimit(getattr(resource, name))[0]
        if limit != resource.RLIM_INFINITY:
            yield limit - used


def size_text(size: float) -> str:
    """Bytes as people read them, in steps of 1,024."""
    for unit in ("kB", "MB", "GB"):
        size /= 1024
        if size < 999.5:
            return f"{size:,.1f} {unit}" if size < 99.95 else f"{size:,.0f} {unit}"
    return f"{size / 1024:,.1f} TB"
