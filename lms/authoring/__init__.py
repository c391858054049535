"""The trainer's desk: one's courses and how they do, and publishing a course package from a ZIP."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.authoring import views

    app.register_blueprint(views.authoring)
