# shellcheck shell=bash
# The window, driven through its accessibility tree as a screen reader would. What a person sees
# in each scenario is written in tests/gui/.

# window FILE SCENARIO [SECONDS]: runs one scenario of tests/gui on a display and a session bus of its own.
window() {
    local gui=${KENNEL_E2E%/*}/../gui
    command -v Xvfb >/dev/null || skip 'xvfb is not installed'
    /usr/bin/python3 -c 'import pyatspi' 2>/dev/null || skip 'python3-pyatspi is not installed'
    # The system's python3: pyatspi is a package of the system.
    PYTHONDONTWRITEBYTECODE=1 timeout "${3:-200}" "$gui/with-display" 1280x800 /usr/bin/python3 "$gui/$1.py" "$2"
}

# Configuration that is the test's own.
own_configuration() {
    export XDG_CONFIG_HOME=$TEST_DIR/config
    mkdir -p "$XDG_CONFIG_HOME"
}

# configure FILE: standard input becomes this file of a configuration that has nothing else.
configure() {
    own_configuration
    mkdir -p "$XDG_CONFIG_HOME/kennel"
    cat >"$XDG_CONFIG_HOME/kennel/$1"
}

# An own store: the archive is not in it yet.
empty_store() {
    export XDG_DATA_HOME=$TEST_DIR/data
    mkdir -p "$XDG_DATA_HOME"
}
