# shellcheck shell=bash
# What tests in the lab use beside tests/e2e/lib.sh.

init_of() { json "d['pid']" <"$XDG_RUNTIME_DIR/kennel/$(id_of "$1")/state.json"; }
keeper_of() { json "d['keeper']" <"$XDG_RUNTIME_DIR/kennel/$(id_of "$1")/state.json"; }
group_of_process() { sed -n 's,^0::,/sys/fs/cgroup,p' "/proc/$1/cgroup"; }
# The group with the limits; the pet's processes are one below.
group_of() { dirname "$(group_of_process "$(init_of "$1")")"; }
# limit NAME FILE: what the kernel says.
limit() { cat "$(group_of "$1")/$2"; }
# enforced NAME LIMIT: what Kennel says.
enforced() { kennel status "$1" --json | json "d['limits']['$2']['enforced']"; }
