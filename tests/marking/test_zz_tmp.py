import tests.architecture.test_reach as t
from tests.architecture.conftest import *
_d=t.doors
def doors(app):
    for r,m,n in _d(app):
        if r.endpoint.startswith(('marking','quizzes')): yield r,m,n
def test_mine(app, world, reader, monkeypatch):
    monkeypatch.setattr(t,'doors',doors)
    t.test_nobody_gets_in_where_they_may_not_and_everybody_where_they_may(app, world, reader)
