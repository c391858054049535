"""The demo: a province, its people, and two years of learning, told from the data files beside this module."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register `flask demo`."""
    from lms.demo.cli import demo

    app.cli.add_command(demo)
