"""A process that begins many more, each of which issues papers at the same time; some are killed within a transaction."""

import os
import signal
import traceback

from flask import Flask

from lms import create_app
from lms.catalogue import queries as catalogue
from lms.certificates import actions
from lms.db import db
from lms.learning.models import Completion
from tests.mortal import settings

POWER_CUT = 3


class PowerCut(Exception):
    """The transaction ends before it was committed."""


def main(url: str, folder: str, completions: str, killed: str, failing: str) -> None:
    """One process for each two of the completions; the numbers of those to be killed and of those that roll back."""
    app, ids = create_app(settings(url, folder)), [int(one) for one in completions.split()]
    _warm_up(app, ids[0])
    pairs = list(zip(ids[::2], ids[1::2], strict=True))
    begun = [_begin(app, pair, n in numbers(killed), n in numbers(failing)) for n, pair in enumerate(pairs)]
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in begun]
    print(*ends, flush=True)


def numbers(words: str) -> set[int]:
    return {int(word) for word in words.split()}


def _warm_up(app: Flask, completion_id: int) -> None:
    """Read once what all of them need, such as fonts and keys, and leave no connection for them to share."""
    with app.app_context():
        completion = db.session.get_one(Completion, completion_id)
        actions.issue(completion=completion, published=catalogue.version(completion.version_id))
        db.session.rollback()
        db.engine.dispose()


def _begin(app: Flask, pair: tuple[int, int], is_killed: bool, is_failing: bool) -> int:
    child = os.fork()
    if child == 0:
        try:
            _issue(app, pair, is_killed, is_failing)
        except PowerCut:
            os._exit(POWER_CUT)
        except BaseException:  # noqa: BLE001 - a process of its own tells what happened and ends
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def _issue(app: Flask, pair: tuple[int, int], is_killed: bool, is_failing: bool) -> None:
    with app.app_context():
        for place, completion_id in enumerate(pair):
            completion = db.session.get_one(Completion, completion_id)
            version = catalogue.version(completion.version_id)
            actions.issue_if_possible(completion=completion, published=version)
            if place and is_killed:
                os.kill(os.getpid(), signal.SIGKILL)
            if place and is_failing:
                raise PowerCut
            db.session.commit()
