# shellcheck shell=bash
# Apps and commands of a pet on the host's desktop and command line.

entry_of() { printf '%s/applications/kennel-%s-%s.desktop' "$XDG_DATA_HOME" "$(id_of "$1")" "$2"; }

# An app as packages install it, in a pet that need not be running for it to be seen.
install_app() {
    # shellcheck disable=SC2016
    kennel run "$1" -- sudo -n sh -c '
        mkdir -p /usr/share/applications /usr/share/icons/hicolor/scalable/apps
        printf "%s\n" "[Desktop Entry]" Type=Application Name=Editor "Name[de]=Bearbeiter" "Exec=sh -c \"echo opened: \\\\\$0\" %f" \
            Icon=editor "MimeType=text/plain;x-scheme-handler/http;" >/usr/share/applications/editor.desktop
        echo "<svg xmlns=\"http://www.w3.org/2000/svg\"/>" >/usr/share/icons/hicolor/scalable/apps/editor.svg
        ln -s /etc/shadow /usr/share/applications/stolen.desktop
        truncate -s 10G /usr/share/applications/giant.desktop
        mkfifo /usr/share/applications/waiting.desktop
        printf "[Desktop Entry]\nType=Application\nName=X\\\\nExec=evil\nExec=true\n" >/usr/share/applications/injected.desktop'
}

test_an_app_on_the_hosts_desktop() {
    local entry icon
    pet shop
    install_app shop
    for state in running stopped; do
        [ "$state" = running ] || kennel stop shop
        equal "$(LANG=de_DE.UTF-8 kennel apps shop --json | json "[(a['id'], a['name'], a['exported']) for a in d]")" \
            '[["editor", "Bearbeiter", false], ["injected", "XExec=evil", false]]'
    done
    kennel export app shop editor
    entry=$(entry_of shop editor)
    desktop-file-validate "$entry"
    contains "$(cat "$entry")" 'Name=Editor (shop)'
    contains "$(cat "$entry")" $'\nMimeType=text/plain;\n'
    icon="$XDG_DATA_HOME/icons/hicolor/scalable/apps/kennel-$(id_of shop)-editor.svg"
    [ -s "$icon" ] || fail 'the icon is not there'
    # It starts the pet, and what is opened arrives.
    equal "$(launch "$entry" "$HOME/a b.txt")" "opened: $HOME/a b.txt"
    equal "$(state_of shop)" running
    kennel rename shop store
    contains "$(cat "$entry")" 'Name=Editor (store)'
    equal "$(launch "$entry" /x)" 'opened: /x'
    kennel export app store injected
    equal "$(grep -c '^Exec=' "$(entry_of store injected)")" 1
    equal "$(kennel export list --json | json "[(e['pet'], e['kind'], e['name']) for e in d]")" \
        '[["store", "app", "editor"], ["store", "app", "injected"]]'
    kennel export app store editor --remove
    [ ! -e "$entry" ] || fail 'the entry is still there'
    [ ! -e "$icon" ] || fail 'the icon is still there'
    status_is 125 kennel export app store nothing
    one_line_error
    remove store
    equal "$(find "$XDG_DATA_HOME/applications" "$XDG_DATA_HOME/icons" -name 'kennel-*' | wc -l)" 0
}

# launch ENTRY FILE: as a desktop does it.
launch() {
    python3 - "$1" "$2" <<'PY'
import gi
gi.require_version("Gio", "2.0")
import subprocess, sys
from gi.repository import GLib
keys = GLib.KeyFile()
keys.load_from_file(sys.argv[1], GLib.KeyFileFlags.NONE)
value = keys.get_string("Desktop Entry", "Exec").replace("%f", GLib.shell_quote(sys.argv[2])).replace("%%", "%")
_, arguments = GLib.shell_parse_argv(value)
sys.stdout.write(subprocess.run(arguments, capture_output=True, text=True).stdout)
PY
}

test_a_command_on_the_hosts_command_line() {
    local script="$HOME/.local/bin/only-inside"
    pet tools
    kennel run tools -- sudo -n sh -c 'printf "#!/bin/sh\necho \"inside: \$*\"\nexit 5\n" >/usr/local/bin/only-inside; chmod 755 /usr/local/bin/only-inside'
    equal "$(kennel export bin tools only-inside)" "$script"
    kennel stop tools
    status_is 5 "$script" 'a b' "c'd"
    equal "$OUT" "inside: a b c'd"
    # Through the shared home the pet finds it, too.
    status_is 5 kennel run tools -- "$script" again
    equal "$OUT" 'inside: again'
    # So does another pet, which has no such program: it is the first one's all the same.
    pet neighbour
    status_is 5 kennel run neighbour -- "$script" from next door
    equal "$OUT" 'inside: from next door'
    remove neighbour
    kennel export bin tools only-inside --remove
    [ ! -e "$script" ] || fail 'the command is still there'
    status_is 125 kennel export bin tools not-there
    one_line_error
    echo mine >"$script"
    status_is 125 kennel export bin tools only-inside
    one_line_error
    equal "$(cat "$script")" mine
    rm "$script"
    kennel export bin tools only-inside >/dev/null
    remove tools
    [ ! -e "$script" ] || fail 'it outlived its pet'
}

# Everything that menus know of an app: what they hide is hidden, and what they say is said.
test_apps_are_as_a_menu_has_them() {
    local entry
    pet shop --home private
    # shellcheck disable=SC2016
    kennel run shop -- bash -c '
        sudo -n mkdir -p /usr/share/applications /usr/share/pixmaps /usr/share/icons/hicolor/24x24/apps
        app() { printf "%s\n" "[Desktop Entry]" Type=Application "Name=$1" "${@:2}" | sudo -n tee "/usr/share/applications/$1.desktop" >/dev/null; }
        '"$(declare -f picture)"'
        app kde Exec=true "OnlyShowIn=KDE;"
        app gnome Exec=true "OnlyShowIn=GNOME;Unity;"
        app other Exec=true "NotShowIn=GNOME;"
        app gone Exec=true TryExec=/opt/gone
        app hidden Exec=true Hidden=true
        app quiet Exec=true NoDisplay=true
        app bus "Exec=echo --open=%u" DBusActivatable=true Comment=Bus "Comment[de]=Auf dem Bus" "Keywords[de]=nichts;" Icon=bus.png
        app bare Exec=true Icon=system-file-manager
        picture | sudo -n tee /usr/share/icons/hicolor/24x24/apps/bus.png >/dev/null
        mkdir -p ~/.local/share/applications ~/.local/share/icons/hicolor/48x48/apps
        picture >~/.local/share/icons/hicolor/48x48/apps/mine.png
        printf "%s\n" "[Desktop Entry]" Type=Application Name=Mine "Exec=echo mine" Icon=mine >~/.local/share/applications/mine.desktop'
    equal "$(XDG_CURRENT_DESKTOP=GNOME kennel apps shop --json | json "[a['id'] for a in d]")" \
        '["bare", "bus", "gnome", "mine"]'
    for app in bus mine; do
        kennel export app shop "$app"
        [ -n "$(find "$XDG_DATA_HOME/icons" -name "kennel-$(id_of shop)-$app.png")" ] || fail "$app has no icon"
    done
    kennel export app shop bare
    contains "$(cat "$(entry_of shop bare)")" $'\nIcon=system-file-manager\n'
    entry=$(entry_of shop bus)
    desktop-file-validate "$entry"
    contains "$(cat "$entry")" 'Comment[de]=Auf dem Bus'
    contains "$(cat "$entry")" $'\nStartupWMClass=bus\n'
    status_is 1 grep -E 'DBusActivatable|%u' "$entry"
    # With the person's home its apps open files of the host.
    kennel edit shop --home shared >/dev/null
    contains "$(cat "$entry")" '--open=%u'
    remove shop
    equal "$(find "$XDG_DATA_HOME/applications" "$XDG_DATA_HOME/icons" -name 'kennel-*' | wc -l)" 0
}

# The smallest PNG there is.
picture() { base64 -d <<<iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==; }

# A calculator as Debian has it: GTK, with an icon, exported and started as a desktop does.
test_a_gtk_app_shows_its_window() {
    local image=${KENNEL_STARTER%/*}/debian-workbench.oci.tar display entry
    [ -s "$image" ] || fail 'make the image first: ./dev workbench-image'
    kennel image import "$image" >/dev/null
    kennel create office --image localhost/debian-workbench:1
    exec 8>"$TEST_DIR/display"
    Xvfb -displayfd 8 -screen 0 640x480x24 -nolisten tcp >/dev/null 2>&1 &
    trap 'kill $(jobs -p)' EXIT
    wait_for 20 test -s "$TEST_DIR/display"
    display=$(cat "$TEST_DIR/display")
    export DISPLAY=:$display
    kennel export app office galculator
    entry=$(entry_of office galculator)
    [ -n "$(find "$XDG_DATA_HOME/icons" -name "kennel-$(id_of office)-galculator.*")" ] || fail 'it has no icon'
    equal "$(state_of office)" stopped
    launch "$entry" "" >"$TEST_DIR/client" 2>&1 &
    wait_for 30 sh -c 'xwininfo -root -tree | grep -q "\"galculator\""' || fail "$(cat "$TEST_DIR/client")"
    equal "$(state_of office)" running
    remove office
    kennel image rm localhost/debian-workbench:1 --yes
}
