# make setup | run | test | check | bench | chaos | lock
.DEFAULT_GOAL := help
.PHONY: help setup run test check lint bench chaos lock

BIN := .venv/bin
# Servers, browsers and long proofs are for the whole suite; what is left runs in seconds.
FAST := not e2e and not browser and not services and not long
# Compiled tests are kept from run to run, whatever the shell says: each process takes seconds to compile them.
export PYTHONDONTWRITEBYTECODE :=

help:
	@echo "make setup   make .venv with every command in it"
	@echo "make run     set up, then run Outreach on sample accounts (ARGS=... are passed on)"
	@echo "make check   formatting, lint, types, layers, fast tests"
	@echo "make test    the checks and every test, on real PostgreSQL, Redis and Chromium"
	@echo "make bench   measure and print the figures"
	@echo "make chaos   kill everything, over and over, and look whether anything was lost or sent twice (N=100000 SEED=7)"
	@echo "make lock    pin every dependency by hash in requirements.lock"

setup:
	@sh scripts/setup.sh

run: setup
	@$(BIN)/outreach up --demo $(ARGS)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

check: lint
	$(BIN)/pytest -q -n auto --dist worksteal -m "$(FAST)" $(ARGS)

test: lint
	@sh scripts/test-services.sh
	$(BIN)/pytest -n auto --dist loadfile $(ARGS)

bench: setup
	@$(BIN)/python -m tests.bench $(ARGS)

chaos: setup
	@$(BIN)/python -m tests.chaos $(if $(N),--accounts $(N)) $(if $(SEED),--seed $(SEED)) $(ARGS)

lock:
	@sh scripts/lock.sh
