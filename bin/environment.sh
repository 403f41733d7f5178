# Read by bin/serve, bin/test and bin/manage: finds a Python and lets config/install.py make the rest.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)

suitable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in python3.11 python3.12 python3.13 python3.14 python3; do
        if suitable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer was not found. Install it (Debian 12: apt-get install python3" \
        "python3-venv), then start again." >&2
    exit 2
}

# install [--dev]: afterwards $python is the one that has everything.
install() {
    python=$(find_python) || exit
    "$python" "$root/config/install.py" "$@" || exit
    python="$root/.venv/bin/python"
    export PYTHONPATH="$root"
}
