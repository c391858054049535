"""Imports go down only, and rules stay pure: the contracts of pyproject.toml."""

import tomllib

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.source import ROOT, modules


def test_the_contracts_on_imports_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_module_has_its_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = {name.strip() for layer in settings["contracts"][0]["layers"] for name in layer.split("|")}
    tops = {".".join(path.removesuffix(".py").split("/")[:2]) for path in modules()} - {"lms.__init__"}
    assert tops == layers


def test_every_rules_module_is_held_to_be_pure() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    rules = {path.removesuffix(".py").replace("/", ".") for path in modules() if path.endswith("/rules.py")}
    assert rules <= set(settings["contracts"][1]["source_modules"])
