"""Marking by hand: essays and files, by rubric, by one or two people."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.marking import views

    app.register_blueprint(views.marking)
