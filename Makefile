# Everything runs from the clone by relative paths, so its folder may have any name.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
SETUP = $(or $(PYTHON),$(error 需要 Python 3.11 或更高版本 (Python >= 3.11 is needed: make PYTHON=/path/to/python3))) -m unionportal.embedded
RUN = .venv/bin/python
export PYTHONUTF8 = 1

.PHONY: up test check bench bench-phone chaos screenshots assets tools lock
.NOTPARALLEL:

up: ## the portal with everything it needs; Ctrl-C stops it
	@exec $(SETUP) up

assets: ## environment and front-end files only
	@$(SETUP) install

tools: ## the same with the development tools
	@$(SETUP) install --dev

test: ## every test, browser journeys included
	@$(SETUP) install --dev --system
	@$(RUN) -m pytest -n 2 --dist worksteal $(ARGS)

check: tools ## everything that can be said without running the portal
	@$(RUN) -m unionportal.embedded check $(ARGS)

bench: tools
	@$(RUN) -m tests.bench.run $(ARGS)

bench-phone: ## what a slow phone on slow 4G feels
	@$(SETUP) install --dev --system
	@$(RUN) -m tests.bench.phone $(ARGS)

chaos: tools
	@$(RUN) -m tests.chaos.run $(ARGS)

screenshots:
	@$(SETUP) install --dev --system
	@$(RUN) -m tests.screenshots $(ARGS)

COMPILE = $(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links
lock: ## resolve the inputs of pyproject.toml and package.json anew
	@$(RUN) -m pip install --quiet uv
	@$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	@$(COMPILE) --upgrade pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	@$(COMPILE) --upgrade pyproject.toml --extra node -c requirements.lock -o requirements-node.lock
	@npm install --package-lock-only
