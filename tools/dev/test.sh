# shellcheck shell=bash
# ./dev lint, ./dev test and ./dev bench.

PASSED=0
FAILED=0
SKIPPED=0

# check NAME COMMAND…: one counted result.
check() {
    local name=$1
    shift
    if "$@"; then
        PASSED=$((PASSED + 1)) && say "ok      $name"
    else
        FAILED=$((FAILED + 1)) && say "FAILED  $name"
    fi
}

summary() {
    printf '%s passed, %s failed, %s skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
    [ "$FAILED" -eq 0 ]
}

cmd_lint() { run_lint; summary; }

run_lint() {
    find_cargo
    check rustfmt cargo fmt --all --check
    check rustfmt-fuzz cargo fmt --manifest-path fuzz/Cargo.toml --check
    check clippy cargo clippy --workspace --all-targets -- -D warnings
    check shellcheck lint_shell
    check desktop-file desktop-file-validate data/io.github.kennel.Kennel.desktop
    check metainfo appstreamcli validate --no-net data/io.github.kennel.Kennel.metainfo.xml
    check potfiles lint_potfiles
    check translatable lint_translatable
    check translations lint_translations
}

lint_shell() {
    shellcheck -x dev .ci/run tools/bench tools/*.sh tools/dev/*.sh tests/e2e/*.sh tests/e2e/root/*.sh tests/registry/*.sh flatpak/*.sh \
        tests/lab/*.sh tests/lab/immutable/*.sh tests/lab/without-systemd tests/lab/guest/usr/lib/lab/* tests/lab/guest/etc/initramfs-tools/scripts/init-bottom/lab-immutable tests/gui/with-display
}

# Every source that marks text for translation is listed, and every listed file is there.
lint_potfiles() {
    local file status=0
    while read -r file; do
        [ -e "$file" ] || { warn "po/POTFILES.in lists $file, which is not there"; status=1; }
    done < <(grep -v '^#' po/POTFILES.in)
    while read -r file; do
        grep -qxF "$file" po/POTFILES.in || { warn "po/POTFILES.in lacks $file"; status=1; }
    done < <(grep -rlE '\b(n|p|np)?gettext(_f)?\(|(^|[^.[:alnum:]_])(marked|phrases?)\(("|$)' --include='*.rs' src | sort)
    return "$status"
}

# xgettext reads Rust as C and takes a line that begins with `#` for the preprocessor's: a text on
# an attribute's own line would be lost without a word.
lint_translatable() {
    ! grep -rnE '^[[:space:]]*#\[.*(gettext(_f)?|[^.]phrases?)\([^)]' --include='*.rs' src >&2
}

# No text is missed by xgettext, and every translation is complete and whole: no text without one,
# none that is only guessed, and the same placeholders on both sides.
lint_translations() (
    set -euo pipefail
    pot=$(mktemp)
    trap 'rm -f "$pot" "$pot.po"' EXIT
    messages "$pot"
    for po in po/*.po; do
        [ -e "$po" ] || continue
        msgmerge --quiet --no-fuzzy-matching --output-file="$pot.po" "$po" "$pot"
        said=$(LC_ALL=C msgfmt --check-format --statistics -o /dev/null "$pot.po" 2>&1)
        case $said in *fuzzy* | *untranslated*) warn "$po: $said" && exit 1 ;; esac
        tools/placeholders.py "$pot.po"
    done
)

# Every text for translation, into the file $1.
messages() {
    local sources keywords=(phrase marked "phrases:1,2" gettext gettext_f "ngettext:1,2" "ngettext_f:1,2" "pgettext:1c,2")
    mapfile -t sources < <(grep '\.rs$' po/POTFILES.in)
    # xgettext takes lifetimes for characters and says so; what it misses is found by the check after it.
    xgettext --language=C --from-code=UTF-8 "${keywords[@]/#/--keyword=}" --add-comments=Translators \
        --package-name=kennel --msgid-bugs-address=https://github.com/kennel-pets/kennel/issues \
        --output="$1" "${sources[@]}" 2>/dev/null
    tools/messages.py "$1" "${sources[@]}"
    xgettext --join-existing --output="$1" --package-name=kennel data/io.github.kennel.Kennel.desktop
    xgettext --join-existing --output="$1" --package-name=kennel --its="$(metainfo_its)" \
        data/io.github.kennel.Kennel.metainfo.xml
}

metainfo_its() { find /usr/share/gettext/its /usr/share/appstream /usr/share/gettext-*/its -name 'metainfo.its' 2>/dev/null | head -n 1; }

cmd_test() {
    cmd_setup
    say "── Lint"
    run_lint
    say "── Unit and component tests"
    check "cargo test" run_cargo_test
    say "── Build"
    # Processes of their own: a condition would switch off `set -e` in a function.
    check build "$ROOT/dev" build --yes
    check starter-image "$ROOT/dev" starter-image --yes
    check workbench-image "$ROOT/dev" workbench-image --yes
    check flatpak "$ROOT/dev" flatpak --test-runtime
    check meson check_meson
    say "── End to end"
    if [ -x "$BUILD/bin/kennel" ] && [ -s "$STARTER" ]; then
        person_prepare
        run_e2e
    else
        FAILED=$((FAILED + 1))
        say "FAILED  end-to-end tests: nothing to test"
    fi
    summary
}

# Component tests open windows: they get a display of their own.
run_cargo_test() {
    "$ROOT/tests/gui/with-display" 1280x800 cargo test --workspace --quiet
}

# The tests write "ok|fail|skip NAME" lines; they are counted here, and a skipped core test is a failure.
run_e2e() {
    local results
    results=$(mktemp /var/tmp/kennel-results.XXXXXX)
    if is_root; then
        account_make "$PERSON_WITHOUT_RANGE" single
        chown "$PERSON" "$results"
    fi
    ACCOUNT_ENV=(KENNEL_RESULTS="$results" KENNEL_STARTER="$PERSON_STARTER" KENNEL_REF="$(starter_ref)")
    person bash "$PERSON_TREE/tests/e2e/run.sh" || true
    if is_root; then
        env "${ACCOUNT_ENV[@]}" PATH="$SHARED/bin:$PATH" \
            KENNEL_PERSON="$PERSON" KENNEL_SINGLE="$PERSON_WITHOUT_RANGE" \
            bash "$SHARED/tests/e2e/run.sh" root || true
    fi
    say "── In the lab"
    # Without a lab its core tests are missing, which is a failure.
    "$ROOT/dev" lab-tests || true
    if [ -e "$LAB/out/results" ]; then cat "$LAB/out/results" >>"$results"; fi
    PASSED=$((PASSED + $(grep -c '^ok ' "$results" || true)))
    SKIPPED=$((SKIPPED + $(grep -c '^skip ' "$results" || true)))
    FAILED=$((FAILED + $(grep -c '^fail ' "$results" || true)))
    check_core "$results"
    rm -f "$results"
}

check_core() {
    local name
    while read -r name; do
        if ! grep -qE "^(ok|fail) $name\$" "$1"; then
            # Tests that need root to arrange them are core only where root arranges them.
            case $name in root/*) is_root || continue ;; esac
            FAILED=$((FAILED + 1))
            say "FAILED  core test did not run: $name"
        fi
    done < <(grep -vE '^(#|$)' tests/e2e/CORE)
}

cmd_bench() {
    # crun refuses the hybrid layout of cgroup v1 and v2. For the comparison root shows it a plain v2,
    # in a mount namespace of its own.
    if is_root && [ -d /sys/fs/cgroup/unified ]; then
        exec unshare --mount sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' sh "$ROOT/dev" bench --yes
    fi
    cmd_setup
    cmd_build
    cmd_starter_image
    person_prepare
    if is_root; then delegate_cgroup; fi
    ACCOUNT_ENV=(KENNEL_STARTER="$PERSON_STARTER" KENNEL_REF="$(starter_ref)")
    person bash "$PERSON_TREE/tools/bench"
}

# A control group of the account's own, as a login session gives it: distrobox's podman makes
# others below it.
delegate_cgroup() {
    local group=/sys/fs/cgroup/$PERSON
    [ -e /sys/fs/cgroup/cgroup.procs ] || return 0
    mkdir -p "$group/bench"
    chown -R "$PERSON" "$group"
    echo $$ >"$group/bench/cgroup.procs"
}
