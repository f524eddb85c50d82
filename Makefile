# make run     set up and open the window with a sample photo (no display: upscale it to a file)
# make test    set up, then every check and every test
#
# PYTHON    the interpreter that .venv is made with (3.11 or newer)
# PREFIX    where make desktop puts what desktops read (default: ~/.local)
# PIP_ARGS  more arguments for pip, such as an index with small CPU builds of torch

PYTHON ?= python3
PIP_ARGS ?=
PREFIX ?= $(HOME)/.local

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt $(PIP_ARGS)
BUILD_TOOLS := scikit-build-core cmake ninja
KERNELS := $(shell find kernels -type f 2>/dev/null)
SAMPLE := resources/samples/canyon.jpg
RESULT := sample_x4.png

.PHONY: help run setup setup-dev test check lint style types contracts format screenshots \
        benchmarks wheel frozen flatpak desktop translations clean

help:
	@echo 'make run          open the window with a sample photo; without a display, upscale it'
	@echo 'make test         every check and every test'
	@echo 'make check        lint, format, types and import contracts only'
	@echo 'make format       put the code into the house style'
	@echo 'make screenshots  draw the pictures of docs/images again'
	@echo 'make benchmarks   measure quality and speed on this machine'
	@echo 'make wheel        build a wheel into dist/'
	@echo 'make frozen       build a program that needs no Python into dist/bimaco-gui'
	@echo 'make flatpak      put that program into a Flatpak bundle, dist/BiMaCo.flatpak'
	@echo 'make desktop      add the app to the menu of this Linux desktop (PREFIX=~/.local)'
	@echo 'make translations collect the texts to translate into resources/translations'
	@echo 'make clean        remove everything that make made'

# ---- set-up: each stamp is newer than what it was made from ----

.venv/.stamp-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'BiMaCo needs Python 3.11 or newer. Name one: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo 'This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.stamp-app: .venv/.stamp-venv pyproject.toml constraints.txt $(KERNELS)
	@echo 'Setting up .venv (the first time fetches torch and Qt)'
	$(PIP) $(BUILD_TOOLS)
	$(PIP) --no-build-isolation -e .
	@find .venv -path '*/bimaco_gui/_native/*' | grep -q . || \
	  echo 'The native kernels were not built (is there a C++ compiler?). The app works without, more slowly.' >&2
	@touch $@

.venv/.stamp-dev: .venv/.stamp-app
	$(PIP) 'bimaco-gui[test,dev]'
	@touch $@

setup: .venv/.stamp-app

setup-dev: .venv/.stamp-dev

# ---- use ----

run: setup
	@if [ "$$(uname)" != Linux ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  $(BIN)/bimaco-gui open --upscale $(SAMPLE); \
	else \
	  echo 'There is no display here, so the sample photo is upscaled to a file.'; \
	  $(BIN)/bimaco-gui upscale $(SAMPLE) -o $(RESULT) --overwrite && \
	  echo 'The result is $(CURDIR)/$(RESULT), four times as wide and high as $(CURDIR)/$(SAMPLE).'; \
	fi

# ---- checks ----

check: lint style types contracts

lint: setup-dev
	$(BIN)/ruff check .

style: setup-dev
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy

contracts: setup-dev
	$(BIN)/lint-imports

# Checks that fail do not keep the tests from running, and pytest's summary comes last.
test: setup-dev
	@status=0; \
	$(MAKE) --no-print-directory --keep-going check || status=$$?; \
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest || status=$$?; \
	if [ $$status -ne 0 ]; then echo 'A check or a test failed: see above.' >&2; fi; \
	exit $$status

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: setup-dev
	$(BIN)/python docs/make_screenshots.py

benchmarks: setup-dev
	$(BIN)/python -m tests.benchmarks.evaluate
	$(BIN)/python -m tests.benchmarks.speed

wheel: setup
	SKBUILD_CMAKE_DEFINE=BIMACO_CUDA=ON $(BIN)/python -m pip wheel -q --no-deps --no-build-isolation -w dist .

frozen: setup
	$(PIP) 'bimaco-gui[package]'
	QT_QPA_PLATFORM=offscreen $(BIN)/python packaging/make_icons.py
	$(BIN)/pyinstaller --noconfirm --workpath build/frozen packaging/bimaco.spec
	$(BIN)/python packaging/smoke_test.py dist/bimaco-gui/bimaco-gui

flatpak: frozen
	$(BIN)/python packaging/linux/flatpak/make_bundle.py

desktop: setup
	PREFIX='$(PREFIX)' packaging/linux/install.sh $(CURDIR)/$(BIN)/bimaco-gui

translations: setup
	$(BIN)/python packaging/collect_texts.py

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f sample_x4*.png
	find bimaco_gui tests -name __pycache__ -type d -prune -exec rm -rf {} +
