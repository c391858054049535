"""Papers issued by act to many at once: for a pathway, a year's goal, an event; who gets one, who has one, who cannot and why."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.awarding import tasks, views

    assert tasks
    app.register_blueprint(views.awarding)
