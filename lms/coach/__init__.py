"""Hints before publishing: reading ease, likeness, law past its end. Pure."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.coach import cli

    assert cli
