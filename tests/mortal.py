"""Processes to be killed: forked from one that has read the program already, since reading it takes seconds.

`python -m tests.mortal` is that one. It reads what to do from its input, line by line; what a child writes goes into a pipe
of the test's, which ends with the child and all processes that the child began.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, TextIO

from lms import create_app
from lms.config import ROOT, Settings

LIFETIME = 60
"""Seconds after which a process that nobody killed ends itself."""


class Mortal:
    """A process that lives: what it writes, line by line, and its end."""

    def __init__(self, mother: TextIO, pid: int, written: TextIO) -> None:
        self._mother, self._pid, self.written = mother, pid, written
        self._status: int | None = None

    def kill(self) -> int:
        """End it without mercy; how it ended, which is -9 unless it was done already."""
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        return self.end()

    def end(self) -> int:
        """How it ended; waits for it, and for the processes that it began."""
        if self._status is None:
            self._status = int(self._mother.readline())
            with self.written:
                self.written.read()
        return self._status


class Mother:
    """Begins processes, one after the other."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        assert process.stdin and process.stdout
        self._wishes, self._answers, self._folder, self._numbers = process.stdin, process.stdout, folder, count()
        self._last: Mortal | None = None

    def begin(self, module: str, *words: object) -> Mortal:
        """A process that does `main(*words)` of a module of the tests. The one before is ended: a failed test leaves its own."""
        if self._last:
            self._last.kill()
        pipe = self._folder / str(next(self._numbers))
        os.mkfifo(pipe)
        print(json.dumps([module, str(pipe), *map(str, words)]), file=self._wishes, flush=True)
        pid = int(self._answers.readline())
        self._last = Mortal(self._answers, pid, pipe.open(encoding="utf-8"))
        return self._last


@contextmanager
def mother(folder: Path) -> Iterator[Mother]:
    """Inside the block processes can be begun."""
    command = [sys.executable, "-m", "tests.mortal"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Mother(process, folder)


def settings(url: str, folder: str | Path, **more: Any) -> Settings:
    """The settings of a process for a test's database."""
    return Settings(_env_file=None, database_url=url, instance_path=Path(folder), secret_key="test", **more)


def _begin_processes() -> None:
    with tempfile.TemporaryDirectory() as folder:
        create_app(settings(f"sqlite:///{folder}/none.sqlite", folder))
    gc.freeze()
    for line in sys.stdin:
        module, pipe, *words = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(module, pipe, words)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _live(module: str, pipe: str, words: list[str]) -> None:
    status = 1
    try:
        signal.alarm(LIFETIME)
        os.dup2(os.open(pipe, os.O_WRONLY), sys.stdout.fileno())
        import_module(module).main(*words)
        status = 0
    except BaseException:  # noqa: BLE001 - a process of its own tells what happened and ends
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


if __name__ == "__main__":
    _begin_processes()
