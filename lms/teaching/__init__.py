"""The trainer's home: what needs me today."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.teaching import views

    app.register_blueprint(views.teaching)
