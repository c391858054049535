"""The learner's way: the start page, a course, its lessons, its quiz, and what follows from passing it.

It stands above learning, goals and certificates, because finishing a course is one act over all of them.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.study import quiz_views, tasks, views

    assert quiz_views and tasks
    app.register_blueprint(views.study)
