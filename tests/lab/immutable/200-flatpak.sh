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
