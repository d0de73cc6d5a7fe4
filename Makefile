# `make` alone lists what there is to do. Everything is described in docs/configuration.md and the README.
SHELL := /bin/sh
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test test-postgresql check format bench browser demo requirements packages test-packages development

PYTEST_WORKERS ?= 2
PYTEST_ARGS ?=

venv := .venv
bin := $(venv)/bin
python := $(bin)/python
pip := $(python) -m pip install --quiet --disable-pip-version-check --require-hashes
compile := $(bin)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
code := config accounts notifications incidents recovery lib
templates = find templates -name '*.html' -print0 | xargs -0 -r

packages := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 $(if $(REDIS_URL),,redis-server=redis-server)
test_packages := redis-server=redis-server chromium=chromium openssh-server=/usr/sbin/sshd poppler-utils=pdftotext \
	qpdf=qpdf sqlite3=sqlite3 openssl=openssl zstd=zstd 'postgresql=/usr/lib/postgresql/*/bin/initdb'

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

setup: packages $(venv)/.runtime ## Install what running needs: Debian packages, .venv, Python packages

run: setup ## Install what is missing, then run Debrief until Ctrl-C
	@exec $(python) manage.py serve

demo: setup ## Load the example incidents, then run Debrief
	@exec $(python) manage.py serve --example

test: setup development test-packages ## Install what the tests need, then run all of them
	$(python) -m pytest -n $(PYTEST_WORKERS) --dist loadgroup $(PYTEST_ARGS)

test-postgresql: setup development test-packages ## Run the tests of what the database keeps on PostgreSQL, in a temporary folder
	$(python) -m tests.postgresql -n $(PYTEST_WORKERS) --dist loadgroup $(PYTEST_ARGS)

browser: setup development test-packages ## Run the tests in a real browser
	$(python) -m pytest tests/browser $(PYTEST_ARGS)

bench: setup development test-packages ## Measure how fast the pages, exports and restores are
	$(python) -m tests.benchmarks

check: setup development ## Run every check of style, types, imports, templates and promises
	@PATH="$$PWD/$(bin):$$PATH"; failed=0; \
	attempt() { printf '\n== %s\n' "$$1"; sh -c "$$1" || { failed=1; printf '== failed: %s\n' "$$1"; }; }; \
	attempt 'ruff format --check .'; \
	attempt 'ruff check .'; \
	attempt 'mypy $(code)'; \
	attempt 'lint-imports'; \
	attempt 'djlint --lint --quiet templates'; \
	attempt '$(templates) djade --check --target-version 5.2'; \
	attempt 'djhtml --check --tabwidth 2 templates'; \
	attempt 'python manage.py makemigrations --check --dry-run'; \
	attempt 'python -m pytest tests/project -q -m "not slow"'; \
	if [ $$failed = 0 ]; then echo "Every check passed."; else echo "Some checks failed; they are named above."; exit 1; fi

format: development ## Format code and templates
	$(bin)/ruff format .
	$(bin)/ruff check --fix .
	-$(templates) $(bin)/djade --target-version 5.2
	-$(bin)/djhtml --tabwidth 2 templates

requirements: development ## Compile requirements*.in to exact versions with hashes
	$(compile) requirements.in --output-file requirements.txt
	$(compile) requirements-dev.in --output-file requirements-dev.txt

packages: | $(python)
	@sh deploy/packages.sh $(packages)

test-packages:
	@sh deploy/packages.sh $(test_packages)

development: $(venv)/.development

# The stamps lie inside the environment: who deletes it, or makes it anew, is asked to install again.
$(venv)/.runtime: requirements.txt | $(python)
	@echo "Installing the Python packages Debrief runs on ..."
	@$(pip) --requirement requirements.txt
	@touch $@

$(venv)/.development: requirements-dev.txt | $(python)
	@echo "Installing the Python packages for tests and checks ..."
	@$(pip) --requirement requirements-dev.txt
	@touch $@

$(python):
	@sh deploy/virtualenv.sh $(venv) $(packages)
