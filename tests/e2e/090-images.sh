# shellcheck shell=bash
# The image store is a standard OCI layout that outside tools read; every form of image file is
# recognised; a bad one changes nothing.

store() { printf '%s/kennel/images' "$XDG_DATA_HOME"; }

# The digest Kennel shows of an image.
digest_of() { kennel image list --json | json "next(i['digest'] for i in d if i['reference'] == '$1')"; }

# What is in the store: its images, and every file with its size.
store_state() {
    kennel image list --json
    # Some directories of a layer are closed to all but its own root.
    { find "$XDG_DATA_HOME/kennel" -name pets -prune -o -type f ! -name '*.lock' -printf '%p %s\n' 2>/dev/null || true; } | sort
}

# A small system as the tar $1: a directory, a link, a set-id program, a hole, a long name.
small_root() {
    local root=$TEST_DIR/root
    mkdir -p "$root/etc" "$root/usr/bin" "$root/$(printf 'long%.0s' {1..30})/inner"
    printf 'PRETTY_NAME="Small 1"\n' >"$root/etc/os-release"
    printf '#!/bin/sh\n' >"$root/usr/bin/tool"
    chmod 4755 "$root/usr/bin/tool"
    ln -sfn usr/bin "$root/bin"
    ln -f "$root/usr/bin/tool" "$root/usr/bin/same"
    truncate -s 30M "$root/hole"
    printf 'end' >>"$root/hole"
    tar -C "$root" --sparse --owner=0 --group=0 --numeric-owner "${@:2}" -cf "$1" .
}

# The unpacked layer of the image $1, which has one.
layer_of() {
    local id
    id=$(skopeo inspect --config "oci:$(store):$1" | json 'd["rootfs"]["diff_ids"][0][7:]')
    printf '%s' "$XDG_DATA_HOME"/kennel/layers/*/"$id"
}

test_a_truncated_archive_changes_nothing() {
    local before
    before=$(store_state)
    head -c "$(($(stat -c %s "$KENNEL_STARTER") / 2))" "$KENNEL_STARTER" >"$TEST_DIR/half.tar"
    status_is 125 kennel image import "$TEST_DIR/half.tar"
    one_line_error
    contains "$ERR" 'ends early'
    equal "$(store_state)" "$before"
}

test_what_is_no_archive_is_said_in_one_line() {
    local before
    before=$(store_state)
    echo 'not a tar' >"$TEST_DIR/text"
    : >"$TEST_DIR/empty"
    status_is 125 kennel image import "$TEST_DIR/text"
    one_line_error
    contains "$ERR" 'neither an image nor a tar'
    for file in "$TEST_DIR/empty" "$TEST_DIR" "$TEST_DIR/missing.tar" oci:"$TEST_DIR" rootfs:"$TEST_DIR/text"; do
        status_is 125 kennel image import "$file"
        one_line_error
    done
    equal "$(store_state)" "$before"
}

test_a_path_that_escapes_changes_nothing() {
    local before
    before=$(store_state)
    echo evil >"$TEST_DIR/evil"
    tar -C "$TEST_DIR" --transform 's,^evil,../../../evil,' -P -cf "$TEST_DIR/escape.tar" evil
    status_is 125 kennel image import --name localhost/escape:1 "$TEST_DIR/escape.tar"
    one_line_error
    contains "$ERR" 'escapes'
    equal "$(store_state)" "$before"
}

test_skopeo_reads_the_store() {
    command -v skopeo >/dev/null || skip 'skopeo is not installed'
    skopeo inspect "oci:$(store):$KENNEL_REF" >"$TEST_DIR/inspect"
    equal "$(json 'd["Os"]' <"$TEST_DIR/inspect")" linux
    # The digest Kennel shows is the one the outside tool computes.
    equal "$(json 'd["Digest"]' <"$TEST_DIR/inspect")" "$(digest_of "$KENNEL_REF")"
}

# Out of the store by an outside tool, in again by Kennel: every form, each without saying which.
test_every_form_of_image_is_recognised() {
    local want config
    want=$(digest_of "$KENNEL_REF")
    config=$(skopeo inspect --config --raw "oci:$(store):$KENNEL_REF" | sha256sum)
    skopeo copy -q "oci:$(store):$KENNEL_REF" "oci:$TEST_DIR/layout:$KENNEL_REF"
    skopeo copy -q "oci:$(store):$KENNEL_REF" "oci-archive:$TEST_DIR/oci:$KENNEL_REF"
    skopeo copy -q "oci:$(store):$KENNEL_REF" "docker-archive:$TEST_DIR/docker:localhost/from-docker:1"
    zstd -q -1 "$TEST_DIR/docker" -o "$TEST_DIR/docker-zstd"
    equal "$(kennel image import --name localhost/from-dir:1 "$TEST_DIR/layout")" localhost/from-dir:1
    equal "$(digest_of localhost/from-dir:1)" "$want"
    equal "$(kennel image import --name localhost/from-archive:1 "$TEST_DIR/oci")" localhost/from-archive:1
    equal "$(digest_of localhost/from-archive:1)" "$want"
    # docker's format has no manifest: the configuration is what stays the same.
    equal "$(kennel image import "$TEST_DIR/docker")" localhost/from-docker:1
    equal "$(skopeo inspect --config --raw "oci:$(store):localhost/from-docker:1" | sha256sum)" "$config"
    equal "$(kennel image import --name localhost/from-packed:1 "$TEST_DIR/docker-zstd")" localhost/from-packed:1
    # All of them share the one unpacked layer.
    equal "$(find "$XDG_DATA_HOME"/kennel/layers/* -maxdepth 0 -printf '%f\n' | wc -l)" 1
    equal "$(layer_of localhost/from-docker:1)" "$(layer_of "$KENNEL_REF")"
    kennel create from-file --image "$TEST_DIR/docker-zstd" >/dev/null
    equal "$(kennel run from-file -- cat /etc/os-release | grep -c '^ID=debian')" 1
    remove from-file
    for name in dir archive docker packed; do kennel image rm --yes "localhost/from-$name:1"; done
}

test_a_root_file_system_in_three_compressions() {
    local name layer
    small_root "$TEST_DIR/plain"
    gzip -1c "$TEST_DIR/plain" >"$TEST_DIR/gz"
    zstd -q -1 "$TEST_DIR/plain" -o "$TEST_DIR/zst"
    for name in plain gz zst; do
        equal "$(kennel image import --name "localhost/root-$name:1" "$TEST_DIR/$name")" "localhost/root-$name:1"
        equal "$(kennel image list --json | json "next(i['system'] for i in d if i['reference'] == 'localhost/root-$name:1')")" 'Small 1'
    done
    layer=$(layer_of localhost/root-plain:1)
    equal "$(layer_of localhost/root-zst:1)" "$layer"
    equal "$(stat -c %a "$layer/usr/bin/tool")" 4755
    equal "$(stat -c %i "$layer/usr/bin/tool")" "$(stat -c %i "$layer/usr/bin/same")"
    equal "$(readlink "$layer/bin")" usr/bin
    for name in plain gz zst; do kennel image rm --yes "localhost/root-$name:1"; done
}

test_every_sparse_format_keeps_its_holes() {
    local form layer
    local -A forms=([gnu]='--format=gnu' [pax00]='--format=posix --sparse-version=0.0'
        [pax01]='--format=posix --sparse-version=0.1' [pax10]='--format=posix --sparse-version=1.0')
    for form in "${!forms[@]}"; do
        # shellcheck disable=SC2086 # two options
        small_root "$TEST_DIR/$form.tar" ${forms[$form]}
        kennel image import --name "localhost/$form:1" "$TEST_DIR/$form.tar" >/dev/null
        layer=$(layer_of "localhost/$form:1")
        cmp "$layer/hole" "$TEST_DIR/root/hole"
        [ "$(du -k "$layer/hole" | cut -f1)" -lt 100 ] || fail "$form: the hole was filled"
        [ -d "$layer/$(printf 'long%.0s' {1..30})/inner" ] || fail "$form: a long name was lost"
        kennel image rm --yes "localhost/$form:1"
    done
}

# A capability whose value has a newline's byte: cap_dac_override and cap_fowner.
test_file_capabilities_are_kept() {
    local layer
    python3 - "$TEST_DIR/caps.tar" <<'PYTHON'
import struct, sys, tarfile
with tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT, encoding="utf-8", errors="surrogateescape") as tar:
    entry = tarfile.TarInfo("tool")
    value = struct.pack("<5I", 0x02000001, 0x0000000a, 0, 0, 0)
    entry.pax_headers["SCHILY.xattr.security.capability"] = value.decode("utf-8", "surrogateescape")
    entry.pax_headers["SCHILY.xattr.user.overlay.opaque"] = "y"
    tar.addfile(entry)
PYTHON
    kennel image import --name localhost/caps:1 "$TEST_DIR/caps.tar" >/dev/null
    layer=$(layer_of localhost/caps:1)
    contains "$(getfattr -e hex -n security.capability "$layer/tool" 2>&1)" '0a0000000000000000000000'
    equal "$(getfattr -n user.overlay.opaque "$layer/tool" 2>/dev/null)" ''
    kennel image rm --yes localhost/caps:1
}

test_umoci_and_skopeo_take_the_image_out_again() {
    command -v umoci >/dev/null || skip 'umoci is not installed'
    local exported
    contains "$(umoci ls --layout "$(store)")" "$KENNEL_REF"
    contains "$(umoci stat --image "$(store):$KENNEL_REF")" sha256:
    skopeo copy -q "oci:$(store):$KENNEL_REF" "oci-archive:$TEST_DIR/out.tar:$KENNEL_REF"
    exported=$(tar -xOf "$TEST_DIR/out.tar" index.json | json 'd["manifests"][0]["digest"]')
    equal "$exported" "$(digest_of "$KENNEL_REF")"
    # A small one: rootless umoci keeps a record per file.
    # (It knows the PAX form of sparse files only.)
    small_root "$TEST_DIR/small.tar" --format=posix
    kennel image import --name localhost/small:1 "$TEST_DIR/small.tar" >/dev/null
    umoci unpack --rootless --image "$(store):localhost/small:1" "$TEST_DIR/bundle"
    cmp "$TEST_DIR/bundle/rootfs/hole" "$TEST_DIR/root/hole"
    equal "$(readlink "$TEST_DIR/bundle/rootfs/bin")" usr/bin
    kennel image rm --yes localhost/small:1
}

test_other_users_cannot_look_into_the_store() {
    equal "$(stat -c %a "$XDG_DATA_HOME/kennel")" 700
}
