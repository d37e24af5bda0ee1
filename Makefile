# `make help` lists the verbs. Recipes start with exec, so that a signal to make reaches the program itself.

PY := .venv/bin/python
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
WORKERS := $(shell [ $(CORES) -gt 4 ] && echo 4 || echo $(CORES))

.DEFAULT_GOAL := help
.PHONY: help up down web web-dev api-client test lint format lock manager demo bench e2e clean install install-dev install-bench

help: ## list the verbs
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{ printf "make %-10s %s\n", $$1, $$2 }'

up: install ## start everything in the foreground; Ctrl-C ends it, the data stay in DATA_DIR (.data)
	@exec $(PY) -m embedded --with-parent

down: ## end a `make up` that runs in another terminal
	@exec $(PY) -m embedded.down

web: install ## build the managers' app now; `make up` does it by itself when it is missing or old
	@exec $(PY) -m embedded.web

web-dev: install-dev ## the managers' app with every change at once, beside a running `make up`
	@exec $(PY) -m embedded.web.npm dev

api-client: install-dev ## write the app's types of the API anew after the API has changed
	@exec $(PY) -m embedded.web.api_client

test: install-dev ## the whole test suite on a throw-away stack; ARGS="tests/domain -k code" runs a part
ifdef ARGS
	@exec $(PY) -m pytest $(ARGS)
else
	@$(PY) -m embedded.web.npm test
	@exec $(PY) -m pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term-missing:skip-covered
endif

lint: install-dev ## ruff, mypy strict, import-linter, vulture; tsc, ESLint and Prettier; the app's types of the API
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	.venv/bin/lint-imports
	$(PY) -m vulture
	$(PY) -m embedded.web.api_client --check
	$(PY) -m embedded.web.npm typecheck lint

format: install-dev ## rewrite the code in the house style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) -m embedded.web.npm format

lock: install-dev ## write requirements/*.txt anew from pyproject.toml
	$(PY) -m embedded.relock

manager: install ## add a manager: EMAIL=… NAME=… PASSWORD=… (12 characters or more), beside a running `make up`
	@exec $(PY) -m embedded.within python -m worker.managers add

demo: install ## walk five clients through a running `make up`
	@exec $(PY) -m embedded.demo

bench: install-bench ## measure onboarding beside its floor and conversations beside rivals (half an hour, idle machine)
	@$(PY) -m bench
	@exec $(PY) -m bench.relay $(ARGS)

e2e: install-dev ## the journeys through the whole stack only, by HTTP and in a browser
	@exec $(PY) -m pytest tests/journeys tests/browser $(ARGS)

clean: ## remove .venv, node_modules, the built app and caches; the data stay
	rm -rf .venv web/node_modules web/dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install:
	@sh embedded/install.sh embedded

install-dev:
	@sh embedded/install.sh dev

install-bench:
	@sh embedded/install.sh bench

# For EMAIL, NAME and PASSWORD make hands its command-line variables on in the environment, not as arguments.
export EMAIL NAME PASSWORD
