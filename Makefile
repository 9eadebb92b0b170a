# A fresh machine needs Python 3.11 or later and make. Another Python than python3: make PYTHON=python3.12 report
PYTHON ?= python3
UV ?= uv
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --no-header --no-annotate
export PYTHONUTF8 = 1
unexport PYTHONPATH PYTHONHOME

.PHONY: help setup test report lab lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

setup: ## the environment alone, in .venv, from requirements.lock (done once; the others call it)
	@command -v "$(PYTHON)" >/dev/null || { echo "No $(PYTHON) here: install Python 3.11 or later, or name one: make PYTHON=python3.12 setup" >&2; exit 1; }; "$(PYTHON)" tools/environment.py

test: setup ## all tests, the notebooks under strict nbval among them
	@.venv/bin/python -m pytest --nbval --nbval-current-env

report: setup ## the whole job: tables, figures, notebooks, reader page
	@.venv/bin/libplans report

lab: setup ## JupyterLab on the notebooks
	@.venv/bin/jupyter lab --LabApp.default_url=/lab/tree/notebooks

lock: ## remake requirements.txt and requirements.lock from pyproject.toml, with uv (newest versions: make lock UPGRADE=--upgrade)
	$(COMPILE) $(UPGRADE) --extra test --group lock pyproject.toml -o requirements.txt && $(COMPILE) --no-deps --generate-hashes requirements.txt -o requirements.lock

clean: ## remove what setup and tests have left (not the results)
	rm -rf .venv build dist libplans.egg-info .pytest_cache .hypothesis .ruff_cache .cache data/.unfinished && find . -name __pycache__ -type d -prune -exec rm -rf {} +
