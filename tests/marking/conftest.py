"""As patient with a busy machine as the tests of quizzes."""

from tests.quizzes.conftest import settings

settings.load_profile("patient")
