"""The question bank that courses share: versioned items, pools, sharing by unit."""

from flask import Flask


def init_app(app: Flask) -> None:
    pass
