#!/usr/bin/env bash
# In the lab, as pat: installs the shared kennel and runs the tests there, or the given command.
# With --immutable nothing is installed: the tests' own kennel is in their PATH alone, and no
# service or app of the session finds it.
set -euo pipefail
PATH=$PATH:/usr/sbin
if [ "${1:-}" = --immutable ]; then
    shift
    PATH=/lab/share:$PATH
    export KENNEL_FLATPAKS=/lab/share/flatpak KENNEL_SHOTS=/lab/out
else
    sudo install -m 0755 /lab/share/kennel /usr/local/bin/kennel
    sudo restorecon /usr/local/bin/kennel
fi
export KENNEL_STARTER=/lab/share/starter.oci.tar
KENNEL_REF=$(cat /lab/share/starter-ref)
export KENNEL_REF KENNEL_RESULTS=/lab/out/results
if [ $# -gt 0 ]; then exec "$@"; fi
exec bash /lab/share/tests/e2e/run.sh lab
