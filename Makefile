# Every verb works from a fresh checkout: the first one installs what is pinned in requirements/ into .venv, once.
# Nothing here names an absolute path: the checkout may lie anywhere, also below a folder with a space in its name.
.DEFAULT_GOAL := help
.PHONY: help up demo test lint proto docs requirements fuzz soak bench invariants year browser-test compose-test restore-drill FORCE
MAKEFLAGS += --no-print-directory

# The Python to build .venv with: 3.11, 3.12 or 3.13. `make up PYTHON=python3.12` names another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)
RUN := .venv/bin
# Scripts in .venv name the folder that it was made in: in a copied or moved checkout it is made anew.
PLACE := .venv/place
ifneq ($(shell cat $(PLACE) 2>/dev/null),$(CURDIR))
MOVED := FORCE
endif

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
	|| sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1: \2/p' Makefile

up: $(PLACE) ## run the whole system here until Ctrl-C
	@$(RUN)/kiezctl up $(ARGS)

demo: $(PLACE) ## play a district's year against it (starts and ends the system if it does not run)
	@$(RUN)/kiezctl demo $(ARGS)

test: $(PLACE) ## run every test that needs no containers (ARGS="-k budget" chooses)
	@$(RUN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

fuzz: $(PLACE) ## send a million hostile inputs (ARGS="--calls 100000", "--seed S", "--replay SEED:NUMBER" or a failure's file)
	@$(RUN)/python -m tests.faults.fuzz $(ARGS)

soak: $(PLACE) ## kill a thousand times in the middle of work and count (ARGS="100 7": kills, seed); takes hours
	@$(RUN)/python -m tests.faults.soak $(ARGS)

invariants: $(PLACE) ## take each guard of the money out of a copy, and see its test fail
	@KIEZ_INVARIANTS=1 $(RUN)/python -m pytest tests/invariants -p no:cacheprovider $(ARGS)

year: $(PLACE) ## play a district's whole year, thirteen pots and 500 applications, and recount it from its messages
	@KIEZ_YEAR=1 $(RUN)/python -m pytest tests/year -p no:cacheprovider $(ARGS)

browser-test: $(PLACE) ## try the pages for residents in this machine's Chromium, with axe and by keyboard
	@command -v "$${KIEZ_CHROMIUM:-chromium}" >/dev/null || { echo "No Chromium was found: install it" \
		"(on Debian the package chromium), or name the program in KIEZ_CHROMIUM." >&2; exit 1; }
	@KIEZ_BROWSER=1 $(RUN)/python -m pytest tests/browser -p no:cacheprovider $(ARGS)

compose-test: $(PLACE) ## bring the containers up from nothing, play, hurt and check them, take them down
	@KIEZ_COMPOSE=1 $(RUN)/python -m pytest tests/compose -p no:cacheprovider $(ARGS)

restore-drill: $(PLACE) ## lose everything that the containers keep, restore a backup, prove that nothing is missing and nothing happens again
	@KIEZ_COMPOSE=1 $(RUN)/python -m pytest tests/compose/test_drill.py -p no:cacheprovider $(ARGS)

bench: $(PLACE) ## measure every row against its raw limit (ARGS="--row read", "--quick"; KIEZ_STORE_SERVER names a store server)
	@$(RUN)/python -m bench $(ARGS)

lint: $(PLACE) ## check format, rules, types, layers, protos, stubs and generated pages
	$(RUN)/ruff format --check
	$(RUN)/ruff check
	$(RUN)/python -m tools.names
	$(RUN)/mypy
	$(RUN)/lint-imports --no-logo
	$(RUN)/buf lint proto
	$(RUN)/buf breaking proto --against proto/released.binpb
	$(RUN)/python -m tools.stubs --check
	$(RUN)/python -m tools.catalogue --check
	$(RUN)/python -m tools.access --check
	$(RUN)/python -m tools.metrics --check
	$(RUN)/python -m tools.settings --check
	$(RUN)/python -m tools.alerts --check
	$(RUN)/python -m tools.dashboards --check

proto: $(PLACE) ## write the stubs in gen/ anew from proto/
	$(RUN)/python -m tools.stubs

docs: $(PLACE) ## write the generated pages of docs/ anew
	$(RUN)/python -m tools.catalogue
	$(RUN)/python -m tools.access
	$(RUN)/python -m tools.metrics
	$(RUN)/python -m tools.settings
	$(RUN)/python -m tools.alerts
	$(RUN)/python -m tools.dashboards

requirements: $(PLACE) ## pin anew, with hashes, what requirements/*.in ask for
	@for name in service dev; do $(RUN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		"requirements/$$name.in" --output-file "requirements/$$name.txt" || exit 1; done

# Offline from here on, until requirements change.
$(PLACE): requirements/dev.txt pyproject.toml $(MOVED)
	@test -n "$(PYTHON)" || { echo "Kiezwerk needs Python 3.11, 3.12 or 3.13, and none is on the PATH:" \
		"install one, or name it with PYTHON=/path/to/python3." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || { \
		echo "Kiezwerk needs Python 3.11, 3.12 or 3.13; $(PYTHON) is not one of them." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks its venv module:" \
		"install it (on Debian and Ubuntu the package python3-venv)." >&2; exit 1; }
	@"$(PYTHON)" tools/install.py
