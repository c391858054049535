"""Signatures per core-second: papers beside pyHanko as it comes, the words of symbols, badges, and the verify page.

Run it with `python -m bench trust`.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, islice
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from bench.certificates import everyone
from bench.report import Row, row, show
from lms import create_app
from lms.certificates.press import Press
from lms.config import Settings
from lms.trust import badges, identity, pades, symbol
from lms.trust.badges import Award
from tests.certificates.designs import AN, WORDING
from tests.certificates.papers import issued, open_school
from tests.people import person

ROUNDS = 5
PAGES_OF_AN_ADDRESS = 50
"""Fewer than the verify page allows one address in five minutes."""


def run() -> list[Row]:
    """Papers, symbols, badges and pages a second of one core."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(_env_file=None, instance_path=folder, secret_key="bench"))
        app.test_cli_runner(catch_exceptions=False).invoke(args=["migrate"])
        with app.app_context():
            return [*_papers(), *_words(), *_pages(app)]


def _papers() -> Iterator[Row]:
    press, who = Press(WORDING), identity.identity()
    printed = [press.print(paper) for paper in islice(everyone(), 100)]
    plain = _best(lambda: [pades.plainly(pdf, who) for pdf in printed[:5]], 5)
    quick = _best(lambda: [pades.sign(pdf) for pdf in printed], len(printed))
    people = everyone()
    both = _best(lambda: [pades.sign(press.print(paper)) for paper in islice(people, 60)], 60)
    yield row("pyHanko as it comes", plain, "signatures/s")
    yield row("papers signed", quick, "signatures/s", plain, "≥ 500/s")
    yield row("papers printed and signed", both, "papers/s", plain, "≥ 500/s")
    grown = len(pades.sign(printed[0])) - len(printed[0])
    yield row("a signature", grown, "bytes", len(pades.plainly(printed[0], who)) - len(printed[0]))


def _words() -> Iterator[Row]:
    names = [paper.name for paper in islice(everyone(), 200)]
    told: dict[str, Any] = {"code": "K7QM4WXP92", "number": AN.number, "course": AN.course}
    told |= {"issued_on": AN.issued_on, "issuer": WORDING.issuer}
    symbols = _best(lambda: [symbol.text(name=name, **told) for name in names], len(names))
    yield row("words of symbols signed", symbols, "symbols/s")
    award = Award(**told, name=names[0], about="courses/1", kind=WORDING.title, deed=WORDING.deed)
    yield row(
        "badges signed", _best(lambda: [badges.credential(replace(award, name=n)) for n in names], 200), "badges/s"
    )


def _pages(app: Flask) -> Iterator[Row]:
    """The verify page, past any server: for a code that exists, for one that does not, and for a badge."""
    code = _issued()
    for name, path in (
        ("verify page, known code", f"/verify/{code}"),
        ("verify page, unknown code", "/verify/AAAAAAAAAA"),
        ("badge of a code", f"/verify/{code}.json"),
    ):
        yield row(name, _best(lambda path=path: _asked(app, path, 200), 200), "answers/s")


def _asked(app: Flask, path: str, number: int) -> list[int]:
    answers = []
    for _ in range(number):
        office, line = divmod(next(_addresses) // PAGES_OF_AN_ADDRESS, 250)
        address = f"10.0.{office}.{line}"
        environ = EnvironBuilder(path=path, environ_base={"REMOTE_ADDR": address}).get_environ()
        answers.append(len(b"".join(app.wsgi_app(environ, lambda *_: None))))
    return answers


_addresses = count()


def _issued() -> str:
    """The code of a certificate of an invented person."""
    open_school()
    return issued(person("Ngô Thị Ga", "CB-1")).code


def _best(act: Callable[[], object], number: int) -> float:
    """The best of some rounds, in pieces a second of one core."""
    speeds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        act()
        speeds.append(number / (time.process_time() - started))
    return max(speeds)


if __name__ == "__main__":
    show(run())
