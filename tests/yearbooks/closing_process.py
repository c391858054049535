"""A process that closes a version, a few people a transaction: to be killed. `python -m … URL FOLDER VERSION`"""

import sys
from pathlib import Path

from lms import cores, create_app
from lms.config import Settings
from lms.yearbooks import closing


def main(url: str, folder: str, version_id: str) -> None:
    """Say `began` when the application is there, and how far it is after each chunk."""
    settings = Settings(_env_file=None, database_url=url, instance_path=Path(folder), secret_key="test")
    closing.WRITTEN_AT_ONCE = 3
    with create_app(settings).app_context():
        print("began", flush=True)
        closing.carry_out(int(version_id), lambda done, total: print(done, flush=True))


if __name__ == "__main__":
    cores.PEOPLE = 20
    main(*sys.argv[1:])
