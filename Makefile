# Every target does whatever set-up is missing: see scripts/setup.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: setup demo demo-clinic test check bench lint types clean lock debian map pictures site
setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml package-lock.json scripts/setup scripts/assets scripts/stylesheet.py
	PYTHON=$(PYTHON) sh scripts/setup $(VENV)
	sh scripts/assets $(VENV)
	touch $@

demo: setup
	$(RUN)/facetwise demo

demo-clinic: setup
	$(RUN)/facetwise serve --demo

test: setup debian
	$(RUN)/python -m pytest -n 2 --dist worksteal -m "not long"

debian:
	sh scripts/debian

lint: setup
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

types: setup
	$(RUN)/mypy

check: setup debian lint types
	$(RUN)/facetwise check
	$(RUN)/python -m pytest -n 2

bench: setup
	$(RUN)/python -m bench

# The rooms as a picture and a table, from the code.
map: setup
	$(RUN)/python -m tests.habits.house

# The pictures in the documents, taken from the real commands in Chromium.
pictures: setup debian
	$(RUN)/python scripts/pictures.py

# The documents as a site, in site/; a link that leads nowhere is refused.
site: setup
	NO_MKDOCS_2_WARNING=1 $(RUN)/mkdocs build --strict --quiet

lock: setup
	$(RUN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -o requirements.lock

clean:
	rm -rf $(VENV) node_modules facetwise/web/assets/built facetwise-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
