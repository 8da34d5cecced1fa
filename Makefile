# One verb per target. A fresh machine needs Python 3.11+, pip, make and git.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run chat test check format bench lock clean

run: $(READY)          ## start the assistant (console chat when no Telegram token is set)
	$(BIN)/python -m bot run

chat: $(READY)         ## talk to it in this terminal
	$(BIN)/python -m bot chat

test: check            ## all checks, then all tests
	$(BIN)/python -m intents match "xin chào" > /dev/null  # learn once, not in every test that talks to the site
	$(BIN)/python -m pytest

check: $(READY)        ## lint, types, import rules, content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot check

format: $(READY)       ## rewrite the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)        ## measure, and print the figures as JSON
	$(BIN)/python -m tests.bench

lock: $(READY)         ## write the versions installed now into the lock
	$(BIN)/python -m pip freeze > requirements.lock

clean:                 ## remove everything that can be made again (not the database)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache var/model

$(READY): requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	touch $(READY)
