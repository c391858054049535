"""What a command costs: its time, and the memory of it and of all that it starts (Linux)."""

import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

EVERY = 0.25
PROC = Path("/proc")


class Cost(NamedTuple):
    """Seconds on the clock, and the most bytes held at once; pages that processes share are counted once."""

    seconds: float
    peak: int

    @property
    def megabytes(self) -> int:
        return self.peak >> 20


def watched(process: subprocess.Popen[bytes], until: Callable[[], bool] = lambda: False) -> Cost:
    """Wait for a process, or kill it as soon as something holds; what it cost. Raises CalledProcessError."""
    started, peak, is_killed = time.perf_counter(), 0, False
    while process.poll() is None:
        peak = max(peak, sum(map(held, tree(process.pid))))
        time.sleep(EVERY)
        if until():
            process.kill()
            is_killed = process.wait() == -signal.SIGKILL
    if process.returncode and not is_killed:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return Cost(time.perf_counter() - started, peak)


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = [child for task in (PROC / str(pid) / "task").iterdir() for child in _children(task)]
    except FileNotFoundError:
        return []
    return [pid, *(below for child in children for below in tree(child))]


def held(pid: int) -> int:
    """The bytes that a process holds, its share of common pages included."""
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", (PROC / str(pid) / "smaps_rollup").read_text(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(found[1]) * 1024 if found else 0


def _children(task: Path) -> list[int]:
    try:
        return [int(child) for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
