"""A process that makes an export, a few papers a step, and waits for its end after so many steps."""

import signal
from itertools import count

from lms import create_app
from lms.certificates import printing
from lms.exports import making, papers
from tests.mortal import settings


def main(url: str, folder: str, export_id: str, steps: str) -> None:
    """Says how far it is, step by step."""
    printing.CHUNK, papers.TOLD_EVERY = 2, 1
    told = count(1)

    def tell(done: int, total: int) -> None:
        print(done, total, flush=True)
        if next(told) == int(steps):
            signal.pause()

    with create_app(settings(url, folder)).app_context():
        making.carry_out(int(export_id), tell)
