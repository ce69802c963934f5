# Two commands: `make themes` runs the bundled example, `make test` checks everything.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/.installed
BUILT := .venv/.built

.PHONY: themes test lint figures screenshots clean

themes: $(BUILT)
	@$(BIN)/themes run data/raw --out data/processed
	@echo
	@echo "Look at data/processed/<division>/report.html first, then at themes.csv and points.csv beside it."

test: $(BUILT) lint
	$(BIN)/python -m pytest

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Figures in benchmarks/results: structure and labelling on the example events.
figures: $(BUILT)
	$(BIN)/python -m benchmarks.structure
	$(BIN)/python -m benchmarks.labelling

# Pictures of report.html and comparison.html in docs/screenshots; needs Chromium.
screenshots: themes
	$(BIN)/themes compare data/processed --out build/comparison
	$(BIN)/python docs/screenshots/take.py data/processed/saltby-coast build/comparison

# The label model is fitted from the coded texts once and kept in models/built.
$(BUILT): $(INSTALLED) pipeline/resources/community-safety.yaml $(wildcard models/training/*.csv)
	$(BIN)/themes models
	@touch $(BUILT)

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=/path/to/it")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(INSTALLED)

clean:
	rm -rf .venv models/built data/processed .mypy_cache .ruff_cache .import_linter_cache
