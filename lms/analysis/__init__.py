"""What the answers say about the questions: statistics with intervals, and advice."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.analysis import cli, tasks, views

    assert tasks
    app.register_blueprint(views.analysis)
    app.cli.add_command(cli.analysis)
