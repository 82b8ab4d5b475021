# shellcheck shell=bash
# ./dev screenshots: pictures of the real window, light and dark, in build/screenshots; the one
# that the README shows goes to docs/screenshot.png.

cmd_screenshots() {
    local style
    cmd_setup
    cmd_build
    cmd_starter_image
    person_prepare
    for style in light dark; do take_screenshots "$style"; done
    install -m 0644 "$BUILD/screenshots/light/screenshot.png" "$ROOT/docs/screenshot.png"
    say "The window: build/screenshots, and docs/screenshot.png"
}

# take_screenshots light|dark: with a home of its own, so that the person's pets are not in the picture.
take_screenshots() {
    local shots status=0
    shots=$(mktemp -d /var/tmp/kennel-shots.XXXXXX)
    if is_root; then chown "$PERSON" "$shots"; fi
    ACCOUNT_ENV=(KENNEL_SHOTS="$shots" KENNEL_STARTER="$PERSON_STARTER" KENNEL_REF="$(starter_ref)"
        ADW_DEBUG_COLOR_SCHEME="prefer-$1")
    # shellcheck disable=SC2016
    person bash -c '. "$1/tests/e2e/lib.sh"; fresh_home; trap drop_home EXIT
        kennel image import "$KENNEL_STARTER" >/dev/null
        timeout 120 "$1/tests/gui/with-display" 980x640 /usr/bin/python3 "$1/tests/gui/pictures.py" window' \
        pictures "$PERSON_TREE" || status=$?
    mkdir -p "$BUILD/screenshots/$1"
    find "$shots" -name '*.png' -exec install -m 0644 -t "$BUILD/screenshots/$1" {} +
    rm -rf "$shots"
    return "$status"
}
