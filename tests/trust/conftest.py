"""An application for tests that need its settings and no database."""

from collections.abc import Iterator

import pytest
from flask import Flask

from lms import create_app
from lms.config import Settings


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("bare")
    return create_app(Settings(_env_file=None, instance_path=folder, secret_key="test"), TESTING=True)


@pytest.fixture
def installation(bare: Flask) -> Iterator[Flask]:
    """The application, inside an application context; nobody may ask its database."""
    with bare.app_context():
        yield bare
