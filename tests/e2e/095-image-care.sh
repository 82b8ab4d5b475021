# shellcheck shell=bash
# Looking after the images: what they need of the disk, what is damaged, what may go.

own_bytes() { kennel image list --json | json "next(i['disk']['own'] for i in d if i['reference'] == '$KENNEL_REF')"; }
blob_of() { printf '%s/kennel/images/blobs/sha256/%s' "$XDG_DATA_HOME" "${1#sha256:}"; }

test_list_tells_the_disk_space() {
    local row
    kennel image list >"$TEST_DIR/list"
    contains "$(head -n 1 "$TEST_DIR/list")" NAME
    contains "$(head -n 1 "$TEST_DIR/list")" OWN
    row=$(grep "^$KENNEL_REF " "$TEST_DIR/list") || fail "no row of $KENNEL_REF"
    contains "$row" ' MB'
    # Compressed and unpacked together are more than compressed alone.
    equal "$(kennel image list --json | json "all(i['disk']['own'] + i['disk']['shared'] > i['size'] for i in d)")" true
}

test_a_layer_that_a_pet_needs_is_not_the_images_own() {
    local before after
    before=$(own_bytes)
    pet disk
    after=$(own_bytes)
    remove disk
    [ "$after" -lt "$before" ] || fail "own bytes: $before before the pet, $after with it"
}

test_verify_of_a_whole_store() {
    status_is 0 kennel image verify
    contains "$OUT" whole
    equal "$(kennel image verify --json)" '[]'
}

test_one_changed_byte_is_found() {
    local blob layer
    layer=$(skopeo inspect --raw "oci:$XDG_DATA_HOME/kennel/images:$KENNEL_REF" | json "d['layers'][0]['digest']")
    blob=$(blob_of "$layer")
    cp "$blob" "$TEST_DIR/good"
    printf '\xff' | dd of="$blob" bs=1 seek=5000 conv=notrunc status=none
    cmp -s "$blob" "$TEST_DIR/good" && printf '\x00' | dd of="$blob" bs=1 seek=5000 conv=notrunc status=none
    status_is 1 kennel image verify
    contains "$OUT" 'layer'
    contains "$OUT" 'has changed'
    one_line_error
    contains "$ERR" "kennel image rm $KENNEL_REF"
    status_is 1 kennel image verify --json
    equal "$(printf '%s' "$OUT" | json "[(x['image'], x['digest'], x['fault']) for x in d] == [('$KENNEL_REF', '$layer', 'changed')]")" true
    cp "$TEST_DIR/good" "$blob"
    status_is 0 kennel image verify
}

test_prune_never_touches_what_a_pet_needs() {
    pet keeper
    kennel run keeper -- sudo sh -c 'echo mine >/var/lib/mine'
    kennel stop keeper
    kennel image rm "$KENNEL_REF" --yes
    kennel image prune --yes
    equal "$(kennel run keeper -- cat /var/lib/mine)" mine
    kennel run keeper -- sudo --version
    remove keeper
    kennel image import "$KENNEL_STARTER"
}
