#!/usr/bin/env bash
# In the lab, as pat: installs the shared kennel and runs the tests there, or the given command.
set -euo pipefail
sudo install -m 0755 /lab/share/kennel /usr/local/bin/kennel
sudo restorecon /usr/local/bin/kennel
PATH=$PATH:/usr/sbin
export KENNEL_STARTER=/lab/share/starter.oci.tar
KENNEL_REF=$(cat /lab/share/starter-ref)
export KENNEL_REF KENNEL_RESULTS=/lab/out/results
if [ $# -gt 0 ]; then exec "$@"; fi
exec bash /lab/share/tests/e2e/run.sh lab
