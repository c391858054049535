"""Work on many chunks over all cores, each process with an application of its own on the same database.

Both functions are named at the top of a module, because processes find them by name. `prepare(*arguments)` makes what a
process keeps; `work(kept, chunk)` does a chunk and must only read, inside `db.reading()`.
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

from flask import Flask, current_app

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
    done = 0
    for chunk, result in (_over_cores if len(parts) > 1 else _here)(prepare, work, parts, arguments):
        yield chunk, result
        done += len(chunk)
        progress(done, len(people))


def _here(prepare: Any, work: Any, parts: Sequence[Chunk], arguments: tuple[Any, ...]) -> Iterator[Any]:
    for chunk in parts:
        with reading():
            result = work(prepare(*arguments), chunk)
        yield chunk, result


def _over_cores(prepare: Any, work: Any, parts: Sequence[Chunk], arguments: tuple[Any, ...]) -> Iterator[Any]:
    """A few chunks wait for each process, so that none waits for a chunk."""
    cores, coming = cpu_count() or 1, iter(parts)
    begin = current_app.extensions["make-same"], prepare, arguments
    pool = ProcessPoolExecutor(cores, get_context("spawn"), initializer=_begin, initargs=begin)
    with pool, _collecting_seldom():
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


def _begin(make_app: Callable[[], Flask], prepare: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    make_app().app_context().push()
    with reading():
        _kept.append(prepare(*arguments))
    _let_garbage_lie()


def _let_garbage_lie() -> None:
    """What is kept is not looked through for garbage again and again: that would be a fifth of the work."""
    gc.freeze()
    gc.disable()


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    _let_garbage_lie()
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
