# shellcheck shell=bash
# A part of the tree that is the person's, in a place where no systemd is seen.

test_limits_hold_without_systemd() {
    local here
    here=$(dirname "$KENNEL_E2E")/../lab
    # Its output goes to a file: SELinux lets no service have this session's.
    sudo systemd-run --quiet --wait -p User=pat -p Delegate=yes -p DelegateSubgroup=main \
        -p TemporaryFileSystem=/run/systemd -p SELinuxContext="$(id -Z)" --setenv=HOME="$HOME" --setenv=XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" \
        --setenv=TEST_DIR="$TEST_DIR" --setenv=KENNEL_E2E="$KENNEL_E2E" --setenv=KENNEL_REF="$KENNEL_REF" \
        --setenv=KENNEL_STARTER="$KENNEL_STARTER" --setenv=PATH="$PATH" -- \
        bash -euo pipefail "$here/without-systemd" || { cat "$TEST_DIR/apart"; fail 'see above'; }
}
