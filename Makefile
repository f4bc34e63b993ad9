# Two commands do all the set-up: make demo, make test.

PYTHON ?= python3
BIN := .venv/bin
SHARED ?= ../shared

.DEFAULT_GOAL := help
.PHONY: help install demo test lint quality clean

help: ## What can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/developed ## Install newsquote and its development tools into .venv

PIP = $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) --editable .
	touch $@

.venv/developed: .venv/installed
	$(PIP) --editable '.[dev]'
	touch $@

demo: .venv/installed ## Index the example articles and answer three questions
	@cd examples && ../$(BIN)/newsquote index build articles
	@cd examples && sh demo.sh ../$(BIN)/newsquote

test: lint ## Check the code and run the tests
	$(BIN)/pytest

lint: .venv/developed ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

quality: .venv/developed ## Measure extraction and retrieval on real data in SHARED
	$(BIN)/python -m tests.quality $(SHARED)

clean: ## Remove what was installed and built
	rm -rf .venv examples/index-data *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
