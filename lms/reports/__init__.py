"""Reports: what HR takes out of the system, and what the auditor reads."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.reports import views

    app.register_blueprint(views.reports)
