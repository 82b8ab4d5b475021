# shellcheck shell=bash
# Setup: runs once, can be seen, and whatever is killed when, no step is lost or repeated.

# pet_with NAME TOML…: a pet of a kennel.toml with these lines, without a terminal.
pet_with() {
    local name=$1
    shift
    mkdir -p "$HOME/src/$name"
    { printf 'image = "%s"\npreset = "project"\n' "$KENNEL_REF"; printf '%s\n' "$@"; } >"$HOME/src/$name/kennel.toml"
    kennel create "$name" --file "$HOME/src/$name/kennel.toml" --trust
}
in_folder() { printf '%s' "$HOME/src/$1/$2"; }
lines_of() { wc -l <"$(in_folder "$1" "$2")"; }

# A repository of one package, kennel-test, in the current directory.
make_repository() {
    mkdir -p repository/package/DEBIAN repository/package/usr/bin
    printf '#!/bin/sh\necho packaged\n' >repository/package/usr/bin/kennel-test
    chmod 0755 repository/package/usr/bin/kennel-test repository/package/DEBIAN
    printf 'Package: kennel-test\nVersion: 1\nArchitecture: all\nMaintainer: Kennel <kennel@localhost>\nDescription: test\n' \
        >repository/package/DEBIAN/control
    dpkg-deb --root-owner-group --build repository/package repository/kennel-test.deb
    rm -rf repository/package
    { dpkg-deb -f repository/kennel-test.deb
      printf 'Filename: ./kennel-test.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s repository/kennel-test.deb)" \
          "$(sha256sum repository/kennel-test.deb | cut -d' ' -f1)"; } >repository/Packages
    echo 'deb [trusted=yes] file:/srv/repository ./' >repository/sources.list
    chmod -R a+rX repository
}

test_packages_are_installed_once_and_later_starts_need_no_network() {
    mkdir -p "$HOME/src/packaged"
    cd "$HOME/src/packaged" || exit
    make_repository
    status_is 0 pet_with packaged 'packages = ["kennel-test"]' \
        'mounts = ["repository:/srv/repository:ro", "repository/sources.list:/etc/apt/sources.list:ro"]'
    contains "$ERR" 'Setting up: packages (1 of 1)'
    contains "$ERR" 'Setting up kennel-test'
    equal "$(kennel run packaged -- kennel-test)" packaged
    contains "$(kennel logs packaged)" 'setup packages: Setting up kennel-test'
    contains "$(kennel logs packaged)" 'setup packages: done'
    # Nothing is fetched or said at a later start, not even with what it came from gone.
    kennel stop packaged
    : >repository/Packages
    rm repository/kennel-test.deb
    kennel edit packaged --network none >/dev/null
    status_is 0 kennel start packaged
    equal "$ERR" ''
    equal "$(kennel run packaged -- kennel-test)" packaged
    remove packaged
}

test_once_is_once_and_each_start_is_each() {
    pet_with counted 'setup = ["echo x >> once"]' 'each_start = ["echo x >> each"]'
    equal "$(lines_of counted once) $(lines_of counted each)" '1 1'
    kennel run counted -- true
    kennel start counted
    equal "$(lines_of counted once) $(lines_of counted each)" '1 1'
    kennel restart counted
    kennel stop counted
    # A stopped pet that is entered is started, and so set up.
    kennel run counted -- true 2>/dev/null
    equal "$(lines_of counted once) $(lines_of counted each)" '1 3'
    remove counted
}

test_a_failing_step_names_itself_and_leaves_a_pet_to_mend_it() {
    status_is 125 pet_with failing 'setup = ["echo first >> log", { name = "second", run = "echo why it failed >&2; test -e mended || exit 7" }, "echo third >> log"]'
    equal "$OUT" failing
    contains "$ERR" 'why it failed'
    contains "$ERR" 'kennel: setup step “second” of “failing” failed (status 7): kennel logs failing'
    contains "$(kennel logs failing)" 'setup second: why it failed'
    equal "$(state_of failing)" running
    # It can be entered, which says what is the matter; nothing is tried again by itself.
    status_is 3 kennel run failing -- sh -c 'exit 3'
    contains "$ERR" 'note: setup step “second” of “failing” failed (status 7)'
    contains "$ERR" 'kennel setup failing'
    kennel stop failing
    status_is 125 kennel start failing
    contains "$ERR" '“second”'
    equal "$(cat "$(in_folder failing log)")" first
    # Mended, it goes on where it was.
    touch "$(in_folder failing mended)"
    kennel setup failing
    equal "$(tr '\n' ' ' <"$(in_folder failing log)")" 'first third '
    status_is 0 kennel run failing -- true
    equal "$ERR" ''
    remove failing
}

test_a_hook_that_hangs_is_ended() {
    local before=$SECONDS
    # It has children, one that has left its session, and none of them listens.
    status_is 125 pet_with hanging \
        "setup = [{ name = \"hangs\", timeout = \"2s\", run = \"trap '' TERM; sleep 4711 & setsid sleep 4712 & sleep 4713\" }]"
    [ $((SECONDS - before)) -lt 20 ] || fail 'it took too long to end'
    contains "$ERR" '“hangs” of “hanging” failed (ended because it took longer than 2s)'
    equal "$(kennel run hanging -- sh -c 'pgrep -fc "[s]leep 471" || true' 2>/dev/null)" 0
    remove hanging
}

test_a_wish_to_cancel_ends_the_step() {
    pet_with cancelled 'setup = [{ name = "long", run = "echo begun > begun; sleep 4714" }]' >"$TEST_DIR/out" 2>"$TEST_DIR/err" &
    wait_for 60 test -e "$(in_folder cancelled begun)"
    kill -INT "$(pgrep -u "$(id -u)" -f '[k]ennel create cancelled')"
    wait $! && fail 'it says that all is well'
    contains "$(cat "$TEST_DIR/err")" '“long” of “cancelled” failed (cancelled)'
    equal "$(kennel run cancelled -- sh -c 'pgrep -fc "[s]leep 4714" || true' 2>/dev/null)" 0
    remove cancelled
}

test_kill_9_in_the_middle_loses_and_repeats_nothing() {
    pet_with killed 'setup = ["echo x >> first", "echo x >> second; test -e go || { touch begun; sleep 4715; }", "echo x >> third"]' \
        >/dev/null 2>&1 &
    wait_for 60 test -e "$(in_folder killed begun)"
    # Everything: who makes it, who entered, and what runs inside.
    # shellcheck disable=SC2046
    kill -9 $(pgrep -u "$(id -u)" -f '[k]ennel create killed|[s]etup-step')
    wait $! 2>/dev/null || true
    touch "$(in_folder killed go)"
    status_is 0 kennel run killed -- true
    contains "$ERR" 'Setting up: setup 2 (1 of 2)'
    equal "$(lines_of killed first) $(lines_of killed second) $(lines_of killed third)" '1 2 1'
    equal "$(kennel run killed -- sh -c 'pgrep -fc "[s]leep 4715" || true')" 0
    remove killed
}

test_stopping_in_the_middle_is_no_failure() {
    pet_with stopped 'setup = ["echo x >> runs; test -e go || { touch begun; sleep 4716; }"]' >"$TEST_DIR/out" 2>"$TEST_DIR/err" &
    wait_for 60 test -e "$(in_folder stopped begun)"
    kennel stop stopped
    wait $! && fail 'it says that all is well'
    contains "$(cat "$TEST_DIR/err")" '“stopped” is not running'
    touch "$(in_folder stopped go)"
    kennel start stopped
    equal "$(lines_of stopped runs)" 2
    remove stopped
}

test_two_do_not_set_up_one_pet_twice() {
    pet_with shared 'setup = ["echo x >> runs; touch begun; until test -e go; do sleep 0.1; done"]' >/dev/null 2>&1 &
    wait_for 60 test -e "$(in_folder shared begun)"
    kennel run shared -- echo inside >"$TEST_DIR/out" 2>"$TEST_DIR/err" &
    local second=$!
    wait_for 10 grep -q 'being set up already' "$TEST_DIR/err"
    touch "$(in_folder shared go)"
    wait "$second"
    equal "$(cat "$TEST_DIR/out")" inside
    wait
    equal "$(lines_of shared runs)" 1
    remove shared
}

test_the_app_hears_of_every_line() {
    local request events
    pet_with probe 'each_start = ["echo out; echo err >&2; exit 4"]' >/dev/null 2>&1 || true
    request=$(kennel show probe --json | json '{"name": "heard", "image": d["image"]["reference"], "choices": {"preset": "project"}, "setup": d["setup"]}')
    events=$(kennel job create "$request")
    contains "$events" '"step":"setting-up","name":"each_start 1","index":1,"count":1'
    contains "$events" '{"event":"output","text":"out"}'
    contains "$events" '{"event":"output","text":"err"}'
    contains "$events" 'setup step “each_start 1” of “heard” failed (status 4)'
    contains "$(printf '%s\n' "$events" | tail -n 1)" '"event":"done"'
    equal "$(state_of heard)" running
    remove probe heard
}

test_the_persons_language_is_made_once() {
    status_is 0 env LANG=de_AT.UTF-8 kennel create deutsch --image "$KENNEL_REF"
    contains "$ERR" locale
    equal "$(LANG=de_AT.UTF-8 kennel run deutsch -- locale -k decimal_point)" 'decimal_point=","'
    equal "$(LANG=de_AT.UTF-8 kennel run deutsch -- sh -c 'locale 2>&1 | grep -c "Cannot set"' || true)" 0
    # Another one is not there: programs speak plainly, and do not complain.
    # shellcheck disable=SC2016
    equal "$(LANG=fr_FR.UTF-8 LC_TIME=de_AT.UTF-8 kennel run deutsch -- sh -c 'echo $LANG $LC_TIME')" 'C.UTF-8 de_AT.UTF-8'
    kennel restart deutsch
    equal "$(kennel logs deutsch | grep -c 'locale: begins')" 1
    remove deutsch
}
