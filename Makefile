# make demo | test | lint | types | imports | check | campaign | chaos | bench | soak | profile |
#      run | generated | lock | clean
PYTHON ?= python3
BIN    := .venv/bin

.PHONY: demo test lint types imports check campaign chaos bench soak profile run generated lock clean

demo: .venv/installed       ## the whole job on a bundled story: no network, no config
	$(BIN)/newsmon demo

test: .venv/installed
	$(BIN)/python -m pytest -q $(ARGS)

lint: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/installed
	$(BIN)/mypy

imports: .venv/installed    ## the rooms import downwards only
	$(BIN)/lint-imports

check: lint types imports test

campaign: .venv/installed   ## killed a thousand times at named points, in many ways: some two minutes
	KILLS=1000 ANYWHERE=40 COLD=50 STOPS=10 $(BIN)/python -m pytest -q -s tests/system/test_campaign.py

chaos: .venv/installed      ## ten thousand kills; make chaos ARGS="--kills 500 --seed 7"
	$(BIN)/python -m tests.system.chaos.campaign $(ARGS)

bench: .venv/installed      ## how fast, how much memory, beside libraries and other readers
	$(BIN)/python -m tests.bench.speed
	$(BIN)/python tests/bench/growth.py
	$(BIN)/python tests/bench/copies.py
	$(BIN)/python tests/bench/events.py
	$(BIN)/python tests/bench/watches.py
	$(BIN)/python -m tests.bench.tools
	$(BIN)/python tests/bench/cycle.py
	$(BIN)/python tests/bench/race.py
	$(BIN)/python -m tests.bench.latency

profile: .venv/installed    ## where an article's time goes
	$(BIN)/python tests/bench/stages.py

soak: .venv/installed       ## ten thousand feeds, and ten thousand polls in one process
	$(BIN)/python tests/bench/polling.py

run: .venv/installed        ## the daemon, with config/newsmon.toml
	$(BIN)/newsmon run

generated: .venv/installed  ## what is written from the code: schema, manual, completions
	$(BIN)/newsmon schema > config/newsmon.schema.json
	$(BIN)/newsmon man > share/newsmon.1
	for shell in bash zsh fish; do \
	  $(BIN)/newsmon completion $$shell > share/newsmon.$$shell; done

lock: .venv/installed       ## the newest of everything, pinned by hash; no addresses
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --upgrade --generate-hashes \
	  --no-header pyproject.toml -o requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "newsmon needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
	  { echo "$(PYTHON) cannot make environments: apt install python3-venv"; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@
