# shellcheck shell=bash
# The window, driven through its accessibility tree as a screen reader would.

test_a_pet_from_the_window() {
    command -v xvfb-run >/dev/null || skip 'xvfb is not installed'
    /usr/bin/python3 -c 'import pyatspi' 2>/dev/null || skip 'python3-pyatspi is not installed'
    # The system's python3: pyatspi is a package of the system.
    local drive
    drive=$(dirname "$(dirname "${KENNEL_E2E:-$0}")")/gui/drive.py
    GDK_BACKEND=x11 GSK_RENDERER=cairo LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=0 \
        timeout 180 xvfb-run -a -s '-screen 0 1280x800x24' dbus-run-session -- /usr/bin/python3 "$drive"
    equal "$(state_of from-window)" absent
}
