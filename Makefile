# Two commands matter: `make demo` and `make test`. Both begin from nothing but Python 3.11, make and git.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
LOCKS := runtime postgres dev uv bench audit

# Compiled modules are kept, whatever the shell says: each of the hundreds of processes of a test run would compile them anew.
unexport PYTHONDONTWRITEBYTECODE

# These start processes or browsers of their own and wait for them half of their time: they run beside the rest. Of the rest
# the tests of reviews take as long as all others.
APART := tests/deployment tests/faults tests/journeys tests/upgrades
REST := $(APART:%=--ignore=%)
REVIEWS := tests/reviews
# These ask no database.
PURE := tests/ask tests/claim tests/decision tests/evidence tests/exchange tests/reference tests/rulesets tests/tables

.PHONY: demo test on-sqlite on-sqlite-reviews on-sqlite-apart on-servers on-servers-apart all-on-servers faults audit lint format lock sbom clean

demo: .venv/runtime.stamp
	@$(BIN)/python tools/demo.py --port $(PORT)

test: .venv/dev.stamp
	@$(BIN)/python tools/services.py --install
	@echo "Lint and the tests on both pairs of servers run side by side; each part is shown when it has ended."
	@$(MAKE) --no-print-directory --jobs 6 --output-sync=target \
		on-sqlite-reviews on-servers on-sqlite on-servers-apart on-sqlite-apart lint

on-sqlite: .venv/dev.stamp
	@$(BIN)/pytest --half embedded $(REST) --ignore=$(REVIEWS)

on-sqlite-reviews: .venv/dev.stamp
	@$(BIN)/pytest --half embedded $(REVIEWS)

on-sqlite-apart: .venv/dev.stamp
	@$(BIN)/pytest --half embedded $(APART)

on-servers: .venv/dev.stamp
	@$(BIN)/python tools/services.py --run $(BIN)/pytest --half servers $(REST) $(PURE:%=--ignore=%)

# Before a release: all of it on PostgreSQL and Redis.
all-on-servers: .venv/dev.stamp
	@$(BIN)/python tools/services.py --run $(BIN)/pytest

on-servers-apart: .venv/dev.stamp
	@$(BIN)/python tools/services.py --run $(BIN)/pytest --half servers $(APART)

# Half an hour of killed, frozen and misled workers, and servers that go away; writes docs/faults.md.
faults: .venv/dev.stamp
	@$(BIN)/python tools/services.py --install
	@$(BIN)/python tools/faults.py

# Scanners of others over the files and over a copy that runs as in production, for some twenty minutes; writes docs/audit.md.
audit: .venv/dev.stamp .venv-audit/stamp
	@$(BIN)/python tools/services.py --install
	@$(BIN)/python -m tools.audit .venv-audit/bin

.venv-audit/stamp: .venv/uv.stamp requirements/audit.txt
	@$(PYTHON) -m venv .venv-audit
	@$(BIN)/uv pip install --quiet --python .venv-audit/bin/python --require-hashes -r requirements/audit.txt
	@touch $@

lint: .venv/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint templates --lint --quiet
	@nice $(BIN)/mypy config coding reviews
	@$(BIN)/lint-imports
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@! git rev-parse --quiet --verify origin/main >/dev/null 2>&1 || git diff --merge-base --exit-code --name-status \
		--diff-filter=MDR origin/main -- '*/migrations/0*.py' || { echo "These migrations are on main: they stay."; exit 1; }
	@$(BIN)/python tools/check_production.py

format: .venv/dev.stamp
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# For every Python from 3.11.0 on: what Debian's own Python needs may differ from what the latest one needs.
lock: .venv/uv.stamp
	@for name in $(LOCKS); do \
		$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
			--generate-hashes --no-header --no-annotate \
			requirements/$$name.in --output-file requirements/$$name.txt; \
	done

.venv/uv.stamp: requirements/uv.txt
	@$(PYTHON) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Concord needs Python 3.11 or newer with its venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

.venv/runtime.stamp: .venv/uv.stamp requirements/runtime.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	@$(BIN)/python tools/local_env.py
	@touch $@

.venv/dev.stamp: .venv/uv.stamp requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@$(BIN)/python tools/local_env.py
	@touch $@ .venv/runtime.stamp

# What Concord is made of, as CycloneDX.
sbom: .venv/runtime.stamp
	@mkdir -p var
	@$(BIN)/python tools/sbom.py > var/concord.cdx.json
	@echo "var/concord.cdx.json"

clean:
	rm -rf .venv .venv-audit var
