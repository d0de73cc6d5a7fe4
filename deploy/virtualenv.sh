#!/bin/sh
# Makes the virtual environment named by its first argument with the first Python 3.11 or newer that is there.
# The other arguments are Debian packages; they are installed along with what Python lacks, in one go.
set -eu

target=$1
shift
newest_first="python3 python3.14 python3.13 python3.12 python3.11"

for candidate in ${PYTHON:-$newest_first}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        chosen=$candidate
        break
    fi
done
if [ -z "${chosen:-}" ]; then
    printf '%s\n' "Debrief needs Python 3.11 or newer, and ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>/dev/null \
        || echo missing): install a newer one and run make again with PYTHON=/path/to/it." >&2
    exit 2
fi
venv_package=
"$chosen" -c 'import ensurepip, venv' 2>/dev/null || venv_package=python3-venv
sh "$(dirname "$0")/packages.sh" $venv_package "$@"
printf 'Making the virtual environment %s ...\n' "$target"
# --clear: what an older Python or a moved folder left behind does not work any more.
"$chosen" -m venv --clear "$target"
