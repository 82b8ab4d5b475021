# shellcheck shell=bash
# A closed window goes on with its work where the desktop lets a sandboxed app; what a person sees
# is in tests/gui/background.py.
# shellcheck source=tests/e2e/window.sh
. "${KENNEL_E2E%/*}/window.sh"

# sandboxed_window SCENARIO: with an empty store, in a sandbox such as Flatpak's.
sandboxed_window() {
    command -v bwrap >/dev/null || skip 'bubblewrap is not installed'
    [ -e /usr/share/dbus-1/services/org.freedesktop.Flatpak.service ] || skip 'flatpak is not installed'
    empty_store
    window background "$1"
}

test_the_desktop_lets_work_go_on_behind_a_closed_window() { sandboxed_window granted; }
test_a_desktop_that_refuses_keeps_the_window() { sandboxed_window refused; }
test_work_that_may_not_go_on_is_given_up() { sandboxed_window given_up; }
