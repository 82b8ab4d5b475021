# shellcheck shell=bash
# ./dev screenshots: pictures of the real window, light and dark, in data/screenshots, where the
# metainfo file refers to them; the one that the README shows goes to docs/screenshot.png.

cmd_screenshots() {
    local style
    cmd_setup
    cmd_build
    cmd_starter_image
    person_prepare
    for style in light dark; do take_screenshots "$style"; done
    install -m 0644 "$ROOT/data/screenshots/light/terminal.png" "$ROOT/docs/screenshot.png"
    say "The window: data/screenshots, and docs/screenshot.png"
}

# take_screenshots light|dark: with a home of its own, so that the person's pets are not in the picture.
take_screenshots() {
    local shots status=0
    shots=$(mktemp -d /var/tmp/kennel-shots.XXXXXX)
    if is_root; then chown "$PERSON" "$shots"; fi
    ACCOUNT_ENV=(KENNEL_SHOTS="$shots" KENNEL_STARTER="$PERSON_STARTER" KENNEL_REF="$(starter_ref)"
        ADW_DEBUG_COLOR_SCHEME="prefer-$1")
    # shellcheck disable=SC2016
    person bash -c '. "$1/tests/e2e/lib.sh"; fresh_home; trap drop_home EXIT; cd "$HOME"
        timeout 500 "$1/tests/gui/with-display" 1280x800 /usr/bin/python3 "$1/tests/gui/pictures.py" window' \
        pictures "$PERSON_TREE" || status=$?
    if [ "$status" -eq 0 ]; then
        mkdir -p "$ROOT/data/screenshots/$1"
        find "$shots" -name '*.png' ! -name 'failed-*' -exec install -m 0644 -t "$ROOT/data/screenshots/$1" {} +
    fi
    rm -rf "$shots"
    return "$status"
}
