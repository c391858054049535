"""The network: units through time, people, roles, posts; and their import from HR's files."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.network import cli, import_views, reorganisation_views, tasks, views

    assert tasks
    assert import_views.network is reorganisation_views.network is views.network
    app.register_blueprint(views.network)
    app.cli.add_command(cli.network)
