"""Surveys: course evaluations and needs, anonymous in groups that are large enough."""

from flask import Flask


def init_app(app: Flask) -> None:
    pass
