"""The WSGI entry point: `granian --interface wsgi wsgi:app`."""

import os

from lms import create_app, db

app = create_app()

# A command may be the one that brings the schema; a server must have it.
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
    db.require_schema(app)
