# shellcheck shell=sh
# Shared by the scripts beside it: what they say, and how they find uv and Debian's packages. POSIX sh.

say() { printf '%s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# A path of uv: the one on PATH, else the one that setup installed; empty when there is none.
find_uv() {
    command -v uv || { [ -x var/uv/bin/uv ] && echo var/uv/bin/uv; } || true
}

# Install Debian packages: as root by apt-get, else say the command to the person and stop.
install_debian() {
    if [ "$(id -u)" -ne 0 ]; then
        die "missing: $*. Run this, then the same make again:
    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    command -v apt-get >/dev/null || die "missing: $*, and there is no apt-get: install them by this system's own means"
    say "    installing $*"
    log=$(mktemp)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
        >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; die "apt-get could not install $*"; }
    rm -f "$log"
}
