# shellcheck shell=bash
# A pet is a system to install things into.

test_install_a_package() {
    pet packages
    kennel run packages -- sudo -n apt-get update -q
    kennel run packages -- sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install -y -q hello
    contains "$(kennel run packages -- hello)" 'Hello, world!'
    # Nothing of it on the host.
    [ ! -e /usr/bin/hello ] || skip 'this host has hello itself'
    remove packages
}
