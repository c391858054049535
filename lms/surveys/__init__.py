"""Surveys: course evaluations and needs, anonymous in groups that are large enough."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.surveys import tasks, views

    assert tasks
    app.register_blueprint(views.surveys)
    app.register_blueprint(views.needs)
