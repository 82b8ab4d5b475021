set -x
. /lab/share/tests/e2e/lib.sh 2>/dev/null
kennel image import "$KENNEL_STARTER" >/dev/null
id; id -Z; getenforce
kennel create seen --image "$KENNEL_REF" --cpus 0.5 --memory 256M --pids 100
kennel start seen
time kennel status seen
kennel create shut --image "$KENNEL_REF" --preset sealed; kennel start shut; kennel status shut
ls -la /var/log/journal /run/log/journal /run/log/journal/* /etc/machine-id
sudo journalctl _TRANSPORT=audit _AUDIT_TYPE_NAME=AVC -o json --output-fields=MESSAGE --reverse --lines 3 --no-pager
sudo journalctl _AUDIT_TYPE_NAME=AVC --lines 3 --no-pager | cat
sudo usermod --append --groups systemd-journal pat
exec sg systemd-journal -c 'id; journalctl -q _AUDIT_TYPE_NAME=AVC --lines 3 --no-pager; time kennel status seen --json | tail -40'
