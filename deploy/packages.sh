#!/bin/sh
# Installs the Debian packages among its arguments that are missing, and nothing else.
#
#   sh deploy/packages.sh libpango-1.0-0 redis-server=redis-server 'postgresql=/usr/lib/postgresql/*/bin/initdb'
#
# After a `=` stands a program (or a path, which may hold a *) whose presence is enough: who has it from elsewhere
# needs no package. As root it installs; otherwise with sudo; where neither works it prints the command and exits 2.
# No service that comes with a package is started, now or at the next boot; services that were there stay untouched.
set -eu

services="redis-server.service ssh.service ssh.socket postgresql.service"
policy=/usr/sbin/policy-rc.d
install="apt-get install --yes --no-install-recommends"

say() { printf '%s\n' "$*"; }

is_there() {
    name=${1%%=*}
    if [ "$name" != "$1" ]; then
        for found in ${1#*=}; do
            if [ -x "$found" ] || command -v "$found" >/dev/null 2>&1; then return 0; fi
        done
    fi
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null)" = installed ]
}

missing_of() {
    for wanted in "$@"; do
        is_there "$wanted" || printf '%s ' "${wanted%%=*}"
    done
}

installed_services() {
    for service in $services; do
        if [ -e "/lib/systemd/system/$service" ]; then printf '%s ' "$service"; fi
    done
}

clean_up() {
    if [ "${our_policy:-}" ]; then rm -f "$policy"; fi
    rm -f "$log"
}

attempt() {
    say "$1"
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        say "This did not work: $*" >&2
        exit 2
    fi
}

install_as_root() {
    log=$(mktemp)
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    # LC_ALL: apt's words are read below.
    export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C
    attempt "Refreshing the list of Debian packages ..." apt-get --quiet -o DPkg::Lock::Timeout=120 update
    offered=
    for name in "$@"; do
        if apt-cache policy "$name" | grep -q 'Candidate: [^(]'; then offered="$offered $name"; else refuse "$name"; fi
    done
    [ "$offered" ] || return 0
    known=$(installed_services)
    if [ ! -e "$policy" ]; then
        our_policy=yes
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    # shellcheck disable=SC2086  # several words are meant
    attempt "Installing$offered ..." $install --quiet -o DPkg::Lock::Timeout=120 $offered
    for service in $(installed_services); do
        case " $known " in
            *" $service "*) ;;
            *) keep_off "$service" ;;
        esac
    done
}

keep_off() {
    if command -v systemctl >/dev/null 2>&1; then
        systemctl disable --quiet "$1" >/dev/null 2>&1 || true
    else
        deb-systemd-helper disable "$1" >/dev/null 2>&1 || true
        update-rc.d "${1%.*}" disable >/dev/null 2>&1 || true
    fi
}

refuse() {
    if [ "$1" = chromium ]; then
        say "This system has no package chromium (Ubuntu has it as a snap, which tests cannot drive):" \
            "for the browser tests run .venv/bin/playwright install --with-deps chromium." >&2
    else
        say "This system has no package $1; what needs it will say so." >&2
    fi
}

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    say "This is neither Debian nor Ubuntu: see to it yourself that these are installed: $*" >&2
    exit 0
fi
missing=$(missing_of "$@")
missing=${missing% }
[ "$missing" ] || exit 0
# shellcheck disable=SC2086
if [ "$(id -u)" = 0 ]; then
    install_as_root $missing
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    say "These Debian packages are missing, sudo installs them: $missing"
    sudo sh "$0" $missing
elif command -v sudo >/dev/null 2>&1; then
    say "Debian packages are missing; run this, then try again: sudo apt-get update && sudo $install $missing" >&2
    exit 2
else
    say "Debian packages are missing; as root run this, then try again: apt-get update && $install $missing" >&2
    exit 2
fi
