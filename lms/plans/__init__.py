"""The annual training plan of a unit: what is needed, what will be held for whom, and how far it has come."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.plans import item_views, views

    assert item_views
    app.register_blueprint(views.plans)
