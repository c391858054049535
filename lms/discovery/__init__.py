"""Finding what one needs among the courses, and taking it along: catalogue, search, teach-back kits, courses without a network."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.discovery import cli, views

    assert cli
    app.register_blueprint(views.discovery)
