"""The trainer's home: what needs me today."""

from flask import Flask


def init_app(app: Flask) -> None:
    pass
