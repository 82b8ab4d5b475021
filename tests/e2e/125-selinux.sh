# shellcheck shell=bash
# A computer without SELinux: the label is a choice that makes no difference, and nothing pretends
# that it does. With SELinux tests/lab/120-selinux.sh has more.

without_selinux() { [ ! -e /sys/fs/selinux/enforce ] || skip 'SELinux is on here'; }

test_without_selinux_a_label_makes_no_difference() {
    without_selinux
    mkdir -p "$HOME/shop"
    echo plans >"$HOME/shop/plan"
    # Nobody is asked for what is not done.
    status_is 0 pet shop --preset sealed --project "$HOME/shop"
    equal "$ERR" ''
    status_is 0 kennel start shop
    equal "$ERR" ''
    equal "$(kennel run shop -- cat "$HOME/shop/plan")" plans
    equal "$(kennel status shop --json | json "d['security']['selinux']")" \
        '{"mode": "disabled", "policy": null, "label": null, "container": false}'
    contains "$(kennel status shop)" 'SELinux is not on'
    case $(kennel status shop) in *container_t* | *'label of containers'*) fail 'it speaks of a label' ;; esac
    contains "$(kennel show shop)" 'SELinux   not on this computer'
    equal "$(kennel show shop --json | json "d.get('mcs')")" None
    # Standard streams are the caller's own.
    equal "$(kennel run shop -- readlink /proc/self/fd/1 | cut -c 1-5)" pipe:
    status_is 0 kennel edit shop --relabel-project
    contains "$ERR" 'nothing is relabelled'
    remove shop
}

test_without_selinux_a_label_is_chosen_for_a_computer_that_has_it() {
    without_selinux
    # A share that would not work with the label does, where there is none.
    status_is 0 pet chosen --preset project --selinux-label container
    equal "$(kennel show chosen --json | json "d['process_label']")" container
    equal "$(kennel run chosen -- echo works)" works
    status_is 0 kennel edit chosen --selinux-label person
    equal "$(kennel show chosen --json | json "d['process_label']")" person
    status_is 125 kennel edit chosen --selinux-label mine
    contains "$ERR" --selinux-label
    # As in a project file.
    mkdir -p "$HOME/filed"
    printf 'image = "%s"\nname = "filed"\npreset = "sealed"\nselinux_label = "person"\n' "$KENNEL_REF" >"$HOME/filed/kennel.toml"
    kennel create --file "$HOME/filed/kennel.toml" --trust >"$TEST_DIR/out" 2>"$TEST_DIR/err"
    contains "$(cat "$TEST_DIR/err")" 'its programs run with your own SELinux label'
    equal "$(kennel show filed --json | json "d['process_label']")" person
    remove chosen filed
}
