"""Corrections of published questions: dry run, rescoring, and what follows from it."""

from flask import Flask


def init_app(app: Flask) -> None:
    pass
