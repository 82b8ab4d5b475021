# shellcheck shell=bash
# The image store is a standard OCI layout, and a bad archive changes nothing.

test_a_truncated_archive_changes_nothing() {
    local before
    before=$(kennel image list --json)
    head -c "$(($(stat -c %s "$KENNEL_STARTER") / 2))" "$KENNEL_STARTER" >"$TEST_DIR/half.tar"
    status_is 125 kennel image import "$TEST_DIR/half.tar"
    one_line_error
    equal "$(kennel image list --json)" "$before"
}

test_what_is_no_archive_is_said_in_one_line() {
    echo 'not a tar' >"$TEST_DIR/text"
    status_is 125 kennel image import "$TEST_DIR/text"
    one_line_error
}

test_skopeo_reads_the_store() {
    command -v skopeo >/dev/null || skip 'skopeo is not installed'
    skopeo inspect "oci:$XDG_DATA_HOME/kennel/images:$KENNEL_REF" >"$TEST_DIR/inspect"
    equal "$(json 'd["Os"]' <"$TEST_DIR/inspect")" linux
    # The digest Kennel shows is the one the outside tool computes.
    equal "$(json 'd["Digest"]' <"$TEST_DIR/inspect")" \
        "$(kennel image list --json | json "next(i['digest'] for i in d if i['reference'] == '$KENNEL_REF')")"
}
