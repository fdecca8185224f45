#!/bin/sh
# What the whole suite needs beyond .venv: a Chromium. PostgreSQL and Redis come with .venv (tests/services.py).
set -eu
cd "$(dirname "$0")/.."
. scripts/common.sh

find_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

if ! find_chromium >/dev/null; then
    say "Chromium, for the tests of the console and of the debtor's page"
    install_debian chromium
    find_chromium >/dev/null || die "chromium was installed but is not on PATH"
fi
