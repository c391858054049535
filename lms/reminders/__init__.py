"""Reminders: who is behind hears of the one next step, who is responsible hears whom to call."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.reminders import tasks, views

    assert tasks
    app.register_blueprint(views.reminders)
