# Every target first sets up .venv from requirements.lock, once, and again when the lock changes.
#   make evaluate   clean the bundled study, run its notebooks, write reports/index.html
#   make test       every test, the notebooks compared with their committed outputs
#   make lab        JupyterLab on the notebooks
#   make notebooks  run the notebooks anew and keep their outputs in them
#   make check      formatting, style, types and floors
#   make bench      speed and memory
#   make calibrate  how often intervals hold a known truth, by simulation (long)
#   make lock       write requirements.lock anew
# PYTHON=/path/to/python chooses the Python; it must be 3.11 or newer.

.DEFAULT_GOAL := help
# With small matrices the threads of one process wait for each other: cores go to tests and notebooks.
export OMP_NUM_THREADS ?= 1
.DELETE_ON_ERROR:
.PHONY: help evaluate test lab notebooks check bench calibrate lock setup always

VENV := .venv
PY := $(VENV)/bin/python
MODERN := import sys; sys.exit(sys.version_info < (3, 11))
NOTEBOOKS := $(wildcard notebooks studies/virginia/notebooks)
# Each of the others measures one thing, alone; these three belong together.
TASKS := $(filter-out %/run.py %/task.py %/plain_pandas.py,$(sort $(wildcard benchmarks/*.py)))

# The first Python that is new enough; a name that is on the path may still be too old or a stub.
ifndef PYTHON
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
  if $$name -c '$(MODERN)' 2>/dev/null; then echo $$name; break; fi; done)
endif

# An editable install points at a folder: after a move or a copy it has to be made again.
ifneq ($(wildcard $(VENV)/.ready),)
ifneq ($(shell cat $(VENV)/.ready),$(CURDIR))
MOVED := always
endif
endif

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

setup: $(VENV)/.ready

evaluate: setup
	@$(PY) -m cvln_eval run .

test: setup
	@$(PY) -m pytest -q --numprocesses auto --dist loadfile --doctest-modules --nbval cvln_eval tests $(NOTEBOOKS)

lab: setup
	@$(PY) -m jupyterlab notebooks

# Without the clock and the version of Python, so that a rerun changes only what the data change.
notebooks: setup
	@$(PY) -m jupyter nbconvert --log-level=ERROR --to notebook --execute --inplace \
	  --ExecutePreprocessor.record_timing=False \
	  --NotebookExporter.preprocessors=nbconvert.preprocessors.ClearMetadataPreprocessor \
	  --ClearMetadataPreprocessor.enabled=True \
	  --ClearMetadataPreprocessor.clear_cell_metadata=False \
	  --ClearMetadataPreprocessor.preserve_nb_metadata_mask="{'kernelspec', ('language_info', 'name')}" \
	  $(wildcard $(addsuffix /*.ipynb,$(NOTEBOOKS)))

check: setup
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

bench: setup
	@$(PY) benchmarks/run.py
	@for task in $(TASKS); do $(PY) $$task || exit 1; done

calibrate: setup
	@$(PY) calibration/measurement.py
	@$(PY) calibration/inference.py
	@$(PY) calibration/intervals.py
	@$(PY) calibration/missing.py
	@$(PY) calibration/networks_bootstrap.py
	@$(PY) calibration/networks_ei.py
	@$(PY) calibration/networks_mrqap.py
	@$(PY) calibration/networks_waves.py

lock: setup
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --all-extras \
	  --generate-hashes --no-annotate --no-header --upgrade --output-file requirements.lock pyproject.toml
	@echo "requirements.lock is written; the next target sets up from it"

$(VENV)/.locked: requirements.lock $(MOVED)
	@$(PYTHON) -c '$(MODERN)' 2>/dev/null || { \
	  echo "cvln_eval needs Python 3.11 or newer; seen: $$($(or $(PYTHON),python3) --version 2>&1 | head -n 1)." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.11 $(or $(MAKECMDGOALS),evaluate)" >&2; \
	  exit 1; }
	@echo "Setting up $(VENV) from requirements.lock (about a minute, only the first time) ..."
	@rm -f $(VENV)/.ready
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.ready: $(VENV)/.locked pyproject.toml
	@$(PY) -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@printf '%s' "$(CURDIR)" > $@
