"""What the answers say about the questions: statistics with intervals, and advice."""

from flask import Flask


def init_app(app: Flask) -> None:
    pass
