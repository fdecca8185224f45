#!/bin/sh
# Make .venv with every command in it. Quick when there is nothing to do; safe to run again after any failure.
set -eu
cd "$(dirname "$0")/.."
. scripts/common.sh

stamp=.venv/.outreach-setup
# The interpreter comes from the machine: nothing but packages is fetched.
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1

inputs() { cat requirements.lock pyproject.toml scripts/setup.sh | sha256sum; pwd; }

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    die "Python 3.11 or newer is not on PATH: install it (Debian 12 and 13: apt-get install python3)"
}

install_uv() {
    say "    not found: installing it into var/uv"
    rm -rf var/uv
    "$python" -m venv var/uv || die "$python cannot make a virtual environment: see the message above"
    var/uv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        -r scripts/build.lock || die "pip could not install uv: check that this machine reaches its package index"
}

has_letter_libraries() {
    "$python" - <<'PYTHON' 2>/dev/null
import ctypes
for name in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
    ctypes.CDLL(name)
PYTHON
}

# The Debian packages that are needed and not there.
missing_packages() {
    has_letter_libraries || echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    [ -n "$(find_uv)" ] || "$python" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

python=$(find_python)
missing=$(missing_packages | tr '\n' ' ')

if [ -z "$missing" ] && .venv/bin/python -c '' 2>/dev/null && [ "$(inputs)" = "$(cat $stamp 2>/dev/null)" ]; then
    exit
fi
rm -f $stamp

say "1/4 system packages: the libraries that draw letters, and what makes virtual environments"
# shellcheck disable=SC2086 # each word is a package
[ -z "$missing" ] || install_debian $missing

say "2/4 uv"
uv=$(find_uv)
if [ -z "$uv" ]; then
    install_uv
    uv=$(find_uv)
fi

say "3/4 .venv with $("$python" --version)"
if ! is_new_enough .venv/bin/python; then
    "$uv" venv --quiet --clear --python "$python" .venv || die "uv could not make .venv: see the message above"
fi

say "4/4 Python packages of requirements.lock (a minute or two the first time)"
"$uv" pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock ||
    die "a package could not be installed: check that this machine reaches its package index, then run again"
# The build backend is in the lock, so building the project fetches nothing more.
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable . ||
    die "the project itself could not be installed: see the message above"

inputs >$stamp
say "ready: .venv"
