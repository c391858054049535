"""A process that makes an export, a few papers a step, and waits after each: to be killed. `python -m … URL FOLDER EXPORT`"""

import sys
from pathlib import Path

from lms import create_app
from lms.certificates import printing
from lms.config import Settings
from lms.exports import making, papers


def main(url: str, folder: str, export_id: str) -> None:
    """Says how far it is, step by step."""
    printing.CHUNK, papers.TOLD_EVERY = 2, 1
    settings = Settings(_env_file=None, database_url=url, instance_path=Path(folder), secret_key="test")
    with create_app(settings).app_context():
        making.carry_out(int(export_id), tell)


def tell(done: int, total: int) -> None:
    """Say it, and go on when told to."""
    print(done, total, flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:])
