# Every target does whatever set-up is missing: see scripts/setup. A demo installs only what it needs; a full set-up
# serves every target.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
BUILT := facetwise/web/assets/built/nhsuk.css
FULL := $(wildcard $(VENV)/.ready)

.PHONY: setup demo demo-clinic test check bench lint types wheel clean lock debian map mutate pictures site
setup: $(VENV)/.ready $(BUILT)

$(VENV)/.ready: requirements.lock pyproject.toml scripts/setup
	PYTHON=$(PYTHON) sh scripts/setup $(VENV) requirements.lock
	touch $@

$(VENV)/.demo: requirements-demo.lock pyproject.toml scripts/setup
	PYTHON=$(PYTHON) sh scripts/setup $(VENV) requirements-demo.lock
	touch $@

$(VENV)/.clinic: requirements-clinic.lock pyproject.toml scripts/setup
	PYTHON=$(PYTHON) sh scripts/setup $(VENV) requirements-clinic.lock
	touch $@

$(BUILT): package-lock.json scripts/assets.py
	sh scripts/npm && $(PYTHON) scripts/assets.py || true  # without it all but the clinic's pages works, and they say so

demo: $(or $(FULL),$(wildcard $(VENV)/.clinic),$(VENV)/.demo)
	$(RUN)/facetwise demo

demo-clinic: $(or $(FULL),$(VENV)/.clinic) $(BUILT)
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

wheel: setup
	sh scripts/check-wheel $(RUN)/uv

check: setup debian lint types wheel
	$(RUN)/facetwise check
	$(RUN)/python -m pytest -n 2

# Goes on where it was broken off; remove mutation.json to begin anew.
mutate: setup debian
	$(RUN)/python -m tests.mutation

bench: setup
	$(RUN)/python -m bench

COMPILE := $(RUN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

# The rooms as a picture and a table, from the code.
map: setup
	$(RUN)/python -m tests.habits.house

# The pictures in the documents, taken from the real commands in Chromium.
pictures: setup debian
	$(RUN)/python scripts/pictures.py

# The documents as a site, in site/; a link that leads nowhere is refused.
site: setup
	NO_MKDOCS_2_WARNING=1 $(RUN)/mkdocs build --strict

lock: setup
	$(COMPILE) --extra dev -o requirements.lock
	$(COMPILE) --extra report -o requirements-demo.lock
	$(COMPILE) --extra clinic --extra report -o requirements-clinic.lock

clean:
	rm -rf $(VENV) node_modules facetwise/web/assets/built facetwise-demo site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
