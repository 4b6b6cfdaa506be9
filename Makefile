# make run                    chat with the sample articles at http://127.0.0.1:7860
# make run ARTICLES=folder    chat with your own
# make test                   the whole suite, set-up included
# make docs                   the documentation as a site, in build/docs/index.html
# make dist                   the wheel and the source distribution, checked, in dist/
# PIP_ARGS is passed to pip, for example --extra-index-url with PyTorch's CPU index.

ARTICLES ?= examples/articles
PYTHON ?= python3
PIP_ARGS ?=
SERVE_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALL = PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python .ci/install $(PIP_ARGS) -c requirements.lock

.PHONY: run test check docs dist format lock lowest clean

run: $(VENV)/.installed
	@index=".byline/$$(cd "$(ARTICLES)" && pwd -P | cksum | cut -d' ' -f1)" \
	&& exec $(BIN)/byline serve "$(ARTICLES)" --index "$$index" $(SERVE_ARGS)

test: $(VENV)/.tested
	@.ci/programs
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.tested
	$(BIN)/python -m sphinx -c docs -W --keep-going -q -d build/doctrees . build/docs
	@echo "Open build/docs/index.html."

dist: $(VENV)/.tested
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/python -m check_wheel_contents dist/*.whl

format: $(VENV)/.tested
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The unit tests on the lowest versions that pyproject.toml allows.
lowest:
	.ci/lowest

lock:
	@echo "# Exact versions of everything, as constraints: pip install -c requirements.lock '.[offline]'" > requirements.lock
	uv pip compile --universal --python-version 3.11 --all-extras --no-annotate --no-header \
	  --quiet pyproject.toml >> requirements.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml requirements.lock | $(VENV)/bin/python
	@echo "Installing into $(VENV): 2.5 GB, three to seven minutes, once."
	$(INSTALL) -e '.[offline]'
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(INSTALL) -e '.[docs,offline,test]'
	@touch $@
