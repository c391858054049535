"""Federation: years that other installations have closed, sent up as signed packages, compared, and taken or refused."""

from flask import Flask


def init_app(app: Flask) -> None:
    from lms.federation import cli, setting_views, views

    assert setting_views.federation is views.federation
    app.cli.add_command(cli.federation)
    app.register_blueprint(views.federation)
