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
