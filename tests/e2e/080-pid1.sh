# shellcheck shell=bash
# The pet's root cannot reach back through PID 1, which is Kennel's own binary (CVE-2019-5736).

test_pid1_cannot_be_overwritten() {
    local before
    before=$(sha256sum "$(command -v kennel)")
    pet sealed-exe
    # Opening for writing must fail, whatever the reason given.
    status_is 1 kennel run sealed-exe -- sudo -n sh -c 'if (exec 3>>/proc/1/exe) 2>/dev/null; then exit 0; else exit 1; fi'
    kennel run sealed-exe -- sudo -n sh -c 'echo x > /proc/1/exe' 2>/dev/null && fail 'a write to /proc/1/exe went through'
    equal "$(sha256sum "$(command -v kennel)")" "$before"
    remove sealed-exe
}
