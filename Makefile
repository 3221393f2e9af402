PYTHON ?= python3
TOOL = @$(PYTHON) -m tools.

.DEFAULT_GOAL := help
.PHONY: help serve test lint format catalogs bench bench-full audit contact-sheet share-images clean python

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: python ## Start the portal in demo mode on http://127.0.0.1:8000/ (PORT=8001 for another port)
	$(TOOL)serve

test: python ## Run every check and test (ARGS="-k booking" goes to pytest)
	$(TOOL)check test $(ARGS)

lint: python ## Run the checks that need no test: ruff, mypy, import-linter
	$(TOOL)check lint

format: python ## Format the code and sort its imports
	$(TOOL)check format

catalogs: python ## Take new interface strings from code and templates into translations/
	$(TOOL)catalogs

bench: python ## Measure speed, start-up time and how soon an edit shows
	$(TOOL)bench $(ARGS)

bench-full: python ## Measure a catalog of 100,000 listings in twelve languages (10 GB under build/)
	$(TOOL)bench full-scale full-search

audit: python ## Judge every type of page with Lighthouse (ARGS="en ar" for some languages)
	$(TOOL)audit $(ARGS)

contact-sheet: python ## Draw all illustrations on one page, and the cards of each language on another (build/)
	$(TOOL)draw contact-sheet $(ARGS)

share-images: python ## Draw the missing pictures for shared links (ARGS=--all for every one)
	$(TOOL)draw share-images $(ARGS)

clean: ## Remove what the commands above made (.venv, caches, compiled catalogs), but not var/
	rm -rf .venv build tests/elasticsearch_node/build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find portal search tools tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
	find translations -name '*.mo' -delete

python:
	@command -v $(PYTHON) > /dev/null || { echo 'Python is missing. Run this, then start again: sudo apt-get install python3'; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
