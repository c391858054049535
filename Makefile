# Two commands: `make run` and `make test`. Everything is installed into .venv; nothing is asked of you.
PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
unexport PYTHONDONTWRITEBYTECODE # what is begun again and again is read compiled

.PHONY: run run-postgres run-on-database setup test types tried test-fast bench clean

run: setup ## the demo on http://127.0.0.1:8000, on SQLite
	$(FLASK) migrate
	$(FLASK) demo
	$(FLASK) serve

run-postgres: setup ## the same on PostgreSQL: DATABASE_URL, or an embedded server of its own
	$(BIN)/python -m lms.postgres make run-on-database

run-on-database:
	$(FLASK) migrate
	$(FLASK) demo
	$(FLASK) serve

setup: .venv/installed instance/assets/fonts ## virtual environment, pinned packages, web fonts

.venv/installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/installed-tests: .venv/installed tests/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@

instance/assets/fonts: .venv/installed
	$(FLASK) assets build

test: setup .venv/installed-tests ## all tests, on SQLite and PostgreSQL, and in a browser where there is one
	sh tests/browser/chromium.sh
	$(MAKE) --no-print-directory --jobs 2 types tried

types: .venv/installed-tests
	$(BIN)/ruff check lms tests bench migrations
	$(BIN)/mypy

tried: .venv/installed-tests
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

test-fast: setup .venv/installed-tests ## the inner loop: SQLite only, no browser, no demo
	$(BIN)/python -m pytest -n 2 --dist loadfile -q --database sqlite -m "not browser and not slow"

bench: setup .venv/installed-tests ## figures, each beside its reference from the same run
	$(BIN)/python -m bench

clean: ## forget the demo's data
	rm -rf instance
