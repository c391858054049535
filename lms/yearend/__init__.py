"""The December pack: the official report of a unit's year with its annexes, training sheets, records, and their delivery."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.yearend import people_views, record_file, schedule_views, tasks, views

    assert people_views and record_file and schedule_views and tasks
    app.register_blueprint(views.yearend)
