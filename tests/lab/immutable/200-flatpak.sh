# shellcheck shell=bash disable=SC2317 # wait_for calls functions
# The app as a Flatpak on a system that cannot be written, with SELinux enforcing.
# shellcheck source=tests/lab/lib.sh
. "$(dirname "$KENNEL_E2E")/../lab/lib.sh"

APP=io.github.kennel.Kennel

# on_host COMMAND…: as a service of the person's session has it, without the tests' own PATH.
on_host() { systemd-run --user --quiet --wait --pipe -- "$@"; }

installed() { flatpak --user info "$APP" >/dev/null 2>&1; }
# The runtime is the system's (build-vm.sh), the app the person's.
install_app() {
    [ -d "${KENNEL_FLATPAKS:-}" ] || skip 'no Flatpak was built'
    if installed; then return; fi
    flatpak --user remote-add --if-not-exists --no-gpg-verify kennel "file://$KENNEL_FLATPAKS"
    flatpak --user install --noninteractive kennel "$APP"
}
in_sandbox() { flatpak run --user "--command=$1" "$APP" "${@:2}"; }

test_the_system_cannot_be_written() {
    equal "$(getenforce)" Enforcing
    equal "$(findmnt -no FSTYPE /usr)" erofs
    status_is 1 sudo touch /usr/bin/anything
    status_is 1 sudo mkdir /anything
    status_is 127 on_host sh -c 'kennel --version'
    status_is 127 on_host sh -c 'podman --version'
}

test_a_pet_runs_and_its_limits_hold() {
    pet held --cpus 0.5
    kennel start held
    equal "$(limit held cpu.max)" '50000 100000'
    equal "$(kennel run held -- echo there)" there
    remove held
}

test_the_flatpak_is_installed_for_the_person_alone() {
    install_app
    contains "$(flatpak --user info --show-location "$APP")" "$HOME/"
    contains "$(in_sandbox /app/libexec/kennel --version)" 'kennel '
}

test_a_pet_started_from_the_sandbox_outlives_the_session_helper() {
    local engine
    install_app
    pet apart --cpus 0.5
    engine=$(flatpak --user info --show-location "$APP")/files/libexec/kennel
    in_sandbox flatpak-spawn --host "$engine" start apart
    contains "$(group_of apart)" "app-kennel.slice/kennel-$(id_of apart).scope"
    equal "$(limit apart cpu.max)" '50000 100000'
    systemctl --user stop flatpak-session-helper
    equal "$(state_of apart)" running
    equal "$(kennel run apart -- echo there)" there
    remove apart
}

test_podman_typed_in_a_pet_is_the_hosts() {
    sudo ln -s /usr/lib/lab/aside/podman /usr/local/bin/podman
    pet outward
    systemd-run --user --quiet --wait /lab/share/kennel start outward
    contains "$(kennel run outward -- podman ps 2>&1)" 'CONTAINER ID'
    remove outward
    sudo rm /usr/local/bin/podman
}

# A session with a display, as a login manager makes one: services of the person's, like the
# portals and the accessibility bus, find it in their manager's environment.
start_session() {
    export DISPLAY=:7 XDG_CURRENT_DESKTOP=GNOME GDK_BACKEND=x11 GSK_RENDERER=cairo LIBGL_ALWAYS_SOFTWARE=1
    systemd-run --user --quiet --unit=display -- Xvfb "$DISPLAY" -screen 0 1280x800x24 -nolisten tcp -noreset
    wait_for 60 test -S /tmp/.X11-unix/X7
    dbus-update-activation-environment --systemd DISPLAY XDG_CURRENT_DESKTOP GDK_BACKEND GSK_RENDERER LIBGL_ALWAYS_SOFTWARE
    # The administrator's: SELinux lets nobody start a unit that has the label of a person's file.
    printf '[Unit]\nBindsTo=graphical-session.target\n' | sudo tee /etc/systemd/user/lab-session.target >/dev/null
    sudo restorecon /etc/systemd/user/lab-session.target
    systemctl --user daemon-reload
    systemctl --user start lab-session.target
    # Emulated, they take longer to start than who asks for them waits.
    systemctl --user start at-spi-dbus-bus xdg-desktop-portal-gtk xdg-desktop-portal
}

test_the_window_makes_a_pet_that_outlives_it() {
    install_app
    start_session
    sudo ln -sf /usr/lib/lab/aside/podman /usr/local/bin/podman
    PATH=$HOME/.local/share/kennel/bin/current:$PATH KENNEL_PATIENCE=4 PYTHONDONTWRITEBYTECODE=1 \
        timeout 560 /usr/bin/python3 "$(dirname "$KENNEL_E2E")/../gui/immutable.py" immutable
    sudo rm /usr/local/bin/podman
}
