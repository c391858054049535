"""`python -m bench [NAME …]`: run the programs (all of them by default) and print one table and one JSON document."""

import importlib
import sys

from bench.report import show

PROGRAMS = (
    "pages", "certificates", "imports", "goals", "rebuild", "updates", "dashboards", "dry_run", "year_close", "forecast", "banks",
    "statistics", "submissions", "rush", "trust", "exports", "search",
)  # fmt: skip
"""`year_close` comes after all others that share its nation: what is closed stays closed."""


def main(names: list[str]) -> None:
    rows = []
    for name in names or PROGRAMS:
        rows += importlib.import_module(f"bench.{name}").run()
    show(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
