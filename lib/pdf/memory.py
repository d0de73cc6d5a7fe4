"""How much memory making one PDF may take."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def memory_limit(count: int) -> Iterator[None]:
    """Inside, this process gets at most `count` bytes more than it has; what asks for more raises MemoryError.

    Or the process ends, where a library in C is the one that asks; the machine goes on either way.
    """
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _data_size() + count
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _data_size() -> int:
    """What the limit counts, of this process, in bytes: the sixth figure of statm is its data in pages."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # read while memory is short
        return int(file.read().split()[5]) * resource.getpagesize()
