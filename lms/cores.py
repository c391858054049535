"""Work on many chunks over all cores, each by a process that is forked from this one: it begins at once and shares the memory.

`work` is named at the top of a module, because processes find it by name. `prepare(*arguments)` makes what all processes
keep; `work(kept, chunk)` does a chunk and must only read, inside `db.reading()`. Who asks is a command or the worker of the
jobs, which have no threads.
"""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from os import cpu_count
from threading import Thread
from typing import Any, TypeVar

from lms.db import chunks, db, reading

Result = TypeVar("Result")
Chunk = Sequence[int]
Progress = Callable[[int, int], None]

PEOPLE = 2_000

_kept: list[Any] = []


def spread(
    prepare: Callable[..., Any],
    work: Callable[[Any, Chunk], Result],
    *,
    people: Chunk,
    arguments: tuple[Any, ...] = (),
    progress: Progress,
) -> Iterator[tuple[Chunk, Result]]:
    """Chunks of people with what `work` makes of them, in no order; few people are not worth another process."""
    parts = list(chunks(people, PEOPLE))
    db.session.rollback()
    with reading():
        kept = prepare(*arguments)
    done = 0
    for chunk, result in (_over_cores if len(parts) > 1 else _here)(work, kept, parts):
        yield chunk, result
        done += len(chunk)
        progress(done, len(people))


def _here(work: Any, kept: Any, parts: Sequence[Chunk]) -> Iterator[Any]:
    for chunk in parts:
        with reading():
            result = work(kept, chunk)
        yield chunk, result


def _over_cores(work: Any, kept: Any, parts: Sequence[Chunk]) -> Iterator[Any]:
    """A few chunks wait for each process, so that none waits for a chunk."""
    cores, coming = cpu_count() or 1, iter(parts)
    db.engine.dispose()  # a connection cannot be shared
    pool = ProcessPoolExecutor(cores, get_context("fork"), initializer=_begin, initargs=(kept,))
    with _collecting_seldom(), pool:
        running = {pool.submit(_do, work, chunk) for chunk in islice(coming, 2 * cores)}
        try:
            while running:
                ready, running = wait(running, return_when=FIRST_COMPLETED)
                running |= {pool.submit(_do, work, chunk) for chunk in islice(coming, len(ready))}
                for future in ready:
                    yield future.result()
                    gc.collect()
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(kept: Any) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    _kept.append(kept)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """What is kept is not looked through for garbage again and again: that would be a fifth of the work, and unshare it."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _end_with_parent() -> None:
    """Whoever is killed takes these processes along: nobody else would tell them that no work comes any more."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _do(work: Callable[[Any, Chunk], Any], chunk: Chunk) -> tuple[Chunk, Any]:
    with reading():
        result = work(_kept[0], chunk)
    gc.collect()
    return chunk, result
