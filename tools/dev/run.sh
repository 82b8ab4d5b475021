# shellcheck shell=bash
# ./dev run: from a fresh machine to the open window.

cmd_run() {
    say "── Setup"
    cmd_setup
    say "── Build"
    cmd_build
    say "── Starter image"
    cmd_starter_image
    person_prepare
    import_starter
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        run_window
    else
        run_without_display
    fi
}

import_starter() {
    if [ "$(person kennel image list --json | tr -d '[:space:]')" = '[]' ]; then
        person kennel image import "$PERSON_STARTER"
    fi
}

run_window() {
    if ! is_root; then
        exec "$BUILD/bin/kennel-desktop"
    fi
    # The account has no share in root's session: it gets the X display, if root may hand it over.
    [ -n "${DISPLAY:-}" ] || die "as root only an X display can be shared with '$PERSON': run './dev run' as yourself"
    if has xhost; then xhost "+si:localuser:$PERSON" >/dev/null; fi
    ACCOUNT_ENV=(DISPLAY="$DISPLAY" GDK_BACKEND=x11)
    person dbus-run-session -- kennel-desktop
}

run_without_display() {
    say "── No display: a pet by the command, then the window on a virtual one"
    if ! person kennel show demo >/dev/null 2>&1; then
        # The store may hold other images only.
        case $(person kennel image list --json) in
            *"\"$(starter_ref)\""*) ;;
            *) transcript kennel image import "$PERSON_STARTER" ;;
        esac
        transcript kennel create demo --image "$(starter_ref)"
    fi
    # shellcheck disable=SC2016
    transcript kennel run demo -- sh -c 'id; head -n 2 /etc/os-release; echo $((6*7))'
    transcript kennel list
    screenshot
}

transcript() {
    say "\$ ${*@Q}"
    person "$@"
}

screenshot() {
    local shots status=0
    shots=$(mktemp -d /var/tmp/kennel-shot.XXXXXX)
    if is_root; then chown "$PERSON" "$shots"; fi
    ACCOUNT_ENV=(KENNEL_SHOTS="$shots" PYTHONDONTWRITEBYTECODE=1)
    person timeout 60 "$PERSON_TREE/tests/gui/with-display" 980x640 \
        /usr/bin/python3 "$PERSON_TREE/tests/gui/opened.py" opened || status=$?
    if [ -s "$shots/screenshot.png" ]; then
        install -m 0644 "$shots/screenshot.png" "$BUILD/screenshot.png"
        say "The window: build/screenshot.png"
    fi
    rm -rf "$shots"
    return "$status"
}
