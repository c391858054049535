"""Exports: what leaves the house as a file that takes a while to make, kept for some days behind a private link."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.exports import papers, tasks, views

    assert papers and tasks
    app.register_blueprint(views.exports)
