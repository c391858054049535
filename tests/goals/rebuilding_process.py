"""A process that judges everybody, a few people a transaction: to be killed. `python -m … URL FOLDER`"""

import sys
from pathlib import Path

from lms import cores, create_app
from lms.config import Settings
from lms.goals import rebuilding


def main(url: str, folder: str) -> None:
    settings = Settings(_env_file=None, database_url=url, instance_path=Path(folder), secret_key="test")
    cores.PEOPLE = 5
    with create_app(settings).app_context():
        rebuilding.rebuild(progress=lambda done, total: print(done, flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
