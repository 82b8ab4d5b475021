# shellcheck shell=bash
# The Flatpak on a plain machine: installed by an ordinary person from our remote and from the one
# file, and run in its sandbox. The lab runs it on an immutable system.

APP=io.github.kennel.Kennel
BUILT=$(realpath "$(dirname "$KENNEL_E2E")/../../build/flatpak" 2>/dev/null || true)

# An installation of the test's own.
prepare() {
    command -v flatpak >/dev/null || skip 'flatpak is not installed'
    [ -s "$BUILT/kennel.flatpak" ] || skip 'no Flatpak was built'
    export FLATPAK_USER_DIR=$TEST_DIR/flatpak
    flatpak --user remote-add --no-gpg-verify runtime "file://$BUILT/test-runtime/repo"
    flatpak --user remote-add --no-gpg-verify kennel "file://$BUILT/repo"
}

# with_bus COMMAND…: on a session bus of its own. Flatpak asks the system's bus about parental
# controls and gives up without one; on a computer that has none the session's stands in, where
# nobody answers to that name.
# shellcheck disable=SC2016
with_bus() {
    dbus-run-session -- sh -c '
        [ -S /run/dbus/system_bus_socket ] || export DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS"
        exec "$@"' sh "$@"
}
install_app() { with_bus flatpak --user install --noninteractive kennel "$APP"; }
in_sandbox() { with_bus flatpak run --user "--command=$1" "$APP" "${@:2}" 2>"$TEST_DIR/err"; }

test_the_flatpak_has_the_permissions_of_its_manifest_and_no_more() {
    prepare
    install_app
    flatpak --user info --show-permissions "$APP" | python3 "$(dirname "$KENNEL_E2E")/permissions.py" "$BUILT/manifest.json"
    # Nothing of the person's files is there.
    echo mine >"$HOME/mine"
    # shellcheck disable=SC2016
    equal "$(in_sandbox sh -c '[ -e "$1" ] && echo there || echo absent' sh "$HOME/mine")" absent
    rm "$HOME/mine"
}

test_the_engine_is_in_the_flatpak_and_runs_on_the_host() {
    local location host
    prepare
    install_app
    contains "$(in_sandbox /app/libexec/kennel --version)" 'kennel '
    location=$(flatpak --user info --show-location "$APP")
    equal "$("$location/files/libexec/kennel" --version)" "$(kennel --version)"
    # The session helper starts it outside the sandbox, as the app does.
    host=$(in_sandbox flatpak-spawn --host "$location/files/libexec/kennel" list --json) || fail "$(cat "$TEST_DIR/err")"
    equal "$(printf '%s' "$host" | json 'd')" '[]'
}

test_the_single_file_installs_and_is_small() {
    prepare
    [ "$(stat -c %s "$BUILT/kennel.flatpak")" -lt 12000000 ] || fail 'the bundle is larger than 12 MB'
    with_bus flatpak --user install --noninteractive --bundle "$BUILT/kennel.flatpak"
    contains "$(in_sandbox /app/libexec/kennel --version)" 'kennel '
}

test_the_window_in_the_sandbox_has_its_pets_outside() {
    command -v Xvfb >/dev/null || skip 'xvfb is not installed'
    prepare
    install_app
    PYTHONDONTWRITEBYTECODE=1 timeout 200 "$(dirname "$KENNEL_E2E")/../gui/with-display" 1280x800 \
        bash -c "$(declare -f with_bus)"'; with_bus "$@"' bash /usr/bin/python3 "$(dirname "$KENNEL_E2E")/../gui/sandboxed.py" sandboxed
}

# A developer has both.
test_a_development_build_lives_beside_the_ordinary_one() {
    local devel=$APP.Devel shared file
    [ -s "$BUILT/kennel-devel.flatpak" ] || skip 'none was built: ./dev flatpak --devel --test-runtime'
    prepare
    install_app
    with_bus flatpak --user install --noninteractive kennel "$devel"
    shared=$FLATPAK_USER_DIR/exports/share
    for file in applications/APP.desktop dbus-1/services/APP.service metainfo/APP.metainfo.xml \
        icons/hicolor/scalable/apps/APP.svg icons/hicolor/symbolic/apps/APP-symbolic.svg; do
        [ -s "$shared/${file/APP/$devel}" ] || fail "not there: ${file/APP/$devel}"
        [ -s "$shared/${file/APP/$APP}" ] || fail "not there: ${file/APP/$APP}"
    done
    status_is 1 cmp -s "$shared/icons/hicolor/scalable/apps/"{"$APP","$devel"}.svg
    status_is 0 grep -x "Name=$devel" "$shared/dbus-1/services/$devel.service"
    status_is 0 grep -x 'Name=Kennel (Development)' "$shared/applications/$devel.desktop"
    contains "$(grep '^Icon=' "$shared/applications/$devel.desktop")" "$devel"
    contains "$(grep gapplication "$shared/applications/$devel.desktop")" "$devel"
    # Its settings and its pets are its own.
    file=$(flatpak --user info --show-location "$devel")/files
    status_is 0 grep -F 'id="io.github.kennel.Kennel.Devel" path="/io/github/kennel/Kennel/Devel/"' "$file/share/glib-2.0/schemas/$devel.gschema.xml"
    pet ordinary
    equal "$("$file/libexec/kennel" list --json)" '[]'
    command -v Xvfb >/dev/null || skip 'xvfb is not installed'
    KENNEL_FLATPAK=$devel PYTHONDONTWRITEBYTECODE=1 timeout 200 "$(dirname "$KENNEL_E2E")/../gui/with-display" 1280x800 \
        bash -c "$(declare -f with_bus)"'; with_bus "$@"' bash /usr/bin/python3 "$(dirname "$KENNEL_E2E")/../gui/sandboxed.py" beside
    remove ordinary
}
