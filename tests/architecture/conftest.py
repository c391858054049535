"""An application whose routes can be looked at; its database is never opened."""

import pytest
from flask import Flask

from lms import create_app
from lms.config import Settings


@pytest.fixture(scope="session")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("routes")
    return create_app(Settings(_env_file=None, instance_path=folder, secret_key="test"), TESTING=True)
