#!/bin/sh
# Pin every dependency, for every supported platform and Python, by hash; no download address is recorded.
#   requirements.lock          what .venv holds: to run, to test, to build
#   requirements-runtime.lock  the part of it that production holds (Dockerfile)
#   scripts/build.lock         what installs the rest where it is missing (scripts/setup.sh, Dockerfile)
set -eu
cd "$(dirname "$0")/.."
. scripts/common.sh

uv=$(find_uv)
[ -n "$uv" ] || die "uv is not here yet: run make setup first"

compile() {
    "$uv" pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links "$@"
}

compile --group dev --output-file requirements.lock pyproject.toml
compile --constraints requirements.lock --no-annotate --output-file requirements-runtime.lock pyproject.toml
printf 'uv\nhatchling\n' | compile --python-version 3.11 --no-annotate --output-file scripts/build.lock -

for file in requirements.lock requirements-runtime.lock scripts/build.lock; do
    if grep -nE '://|^--' "$file" >&2; then
        die "$file records a download address: the lines above must go"
    fi
done
say "requirements.lock, requirements-runtime.lock and scripts/build.lock are pinned"
