"""Corrections of published questions: dry run, rescoring, and what follows from it."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.regrading import decision_views, tasks, views

    assert tasks and decision_views
    app.register_blueprint(views.regrading)
