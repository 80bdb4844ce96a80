# Two commands: `make report` and `make test`. Both make the environment first.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
UV ?= $(findstring uv.exe,$(shell where uv 2>&1))
else
BIN := $(VENV)/bin
UV ?= $(shell command -v uv 2>/dev/null)
endif
# uv installs the same files by the same hashes, wheels only, in a fraction of the time. Where it is
# not installed, or cannot (it does not read pip's settings for a mirror or proxy), pip does: UV= .
ifneq ($(UV),)
USING_UV = uv pip install --quiet --python $(BIN)/python $(1) ||
endif

# A file is run by one process, which makes what its tests share once; the longest come first
# (LONGEST_FIRST in tests/conftest.py).
IN_TWO := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help report pictures architecture site simulate test long quick compiled measure relations attack mutants matrix lint lock clean

help:
	@echo "make report   the demonstration authority's 2019-20 report"
	@echo "make test     the tests: 10 to 20 minutes (make quick: without whole reports, 90 seconds)"
	@echo "make long     further cases of the same tests, every documented report, JupyterLab (half an hour)"
	@echo "make matrix   the awkward return over every kind of period, size and notebook (half an hour)"
	@echo "make measure  which step is missing, while a measure or breakdown is added"
	@echo "make relations  search the counts for what always holds, after a measure was added"
	@echo "make attack   the whole search and the whole attack on what is published (an hour)"
	@echo "make mutants  which one-line changes to cohorts and indicators no test notices (hours)"
	@echo "make pictures the pictures of page and panel in the documents (needs a browser)"
	@echo "make architecture  the picture of the imports in docs/architecture.md"
	@echo "make site     the documents as a site that opens without a network: dist/site/index.html"
	@echo "make simulate how often claims of a change would be wrong (ten minutes; docs/estimates.md)"
	@echo "make lint     style, formatting, imports, types, spelling, plain words"
	@echo "make lock     renew the locked dependencies (needs uv)"

$(VENV)/run.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(call USING_UV,--only-binary :all: --require-hashes -r requirements.lock) $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(call USING_UV,--no-deps --no-build-isolation -e .) $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo made > $@

# uv leaves the libraries to be compiled by whoever first imports them: here each of the processes.
$(VENV)/test.stamp: requirements-test.lock $(VENV)/run.stamp
	$(call USING_UV,--only-binary :all: --require-hashes -r requirements-test.lock) $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	-@$(BIN)/python -m compileall -q -j 2 $(VENV)
	@echo made > $@

report: $(VENV)/run.stamp
	$(BIN)/iro report 2019-20

pictures: $(VENV)/test.stamp
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/gallery.py
	$(BIN)/python tests/pictures.py

architecture: $(VENV)/test.stamp
	$(BIN)/python docs/imports.py

site: $(VENV)/test.stamp
	$(BIN)/python docs/site/build.py

simulate: $(VENV)/test.stamp
	$(BIN)/python tests/simulated.py

test: $(VENV)/test.stamp compiled
	$(BIN)/python -m pytest $(IN_TWO) -m "not long"

long: $(VENV)/test.stamp compiled
	$(BIN)/python -m pytest $(IN_TWO) -m long

quick: $(VENV)/test.stamp compiled
	$(BIN)/python -m pytest $(IN_TWO) -m "not slow and not long"

compiled: $(VENV)/run.stamp  # once, not again in each of the processes that the tests begin
	@$(BIN)/python -m compileall -q iro_analysis tests

# What CONTRIBUTING says of a new measure, breakdown or section: each test names a missing step.
measure: $(VENV)/test.stamp
	$(BIN)/python -m pytest -q -m "not slow" tests/indicators/test_members.py \
		tests/indicators/test_worked_examples.py tests/comparisons/test_chance.py \
		tests/comparisons/test_headline.py tests/report/test_report_words.py \
		tests/disclosure/test_relations.py tests/project/test_docs.py

relations: $(VENV)/test.stamp
	$(BIN)/python -m pytest tests/disclosure/test_relations.py -k always
	$(BIN)/python tests/mining.py

attack: export IRO_RELATIONS = all
attack: export IRO_ATTACKS = 200
attack: export IRO_ORDERS = all
attack: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(IN_TWO) tests/disclosure/test_relations.py tests/disclosure/test_disclosure_attacker.py tests/disclosure/test_disclosure_orders.py tests/disclosure/test_disclosure_mined.py

mutants: $(VENV)/test.stamp  # make mutants OF=cohorts/reviews for one module
	$(BIN)/python tests/mutants.py $(OF)

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/python tests/prose.py

lock:
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra test --extra docs --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -c requirements.lock -o requirements-test.lock

matrix: export IRO_MATRIX = all
matrix: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 2 tests/whole/test_awkward.py

clean:
	$(PYTHON) -c "import shutil; shutil.rmtree('$(VENV)', ignore_errors=True)"
