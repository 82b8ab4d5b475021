# shellcheck shell=bash
# The life of a pet: create, run, stop, start, rm.

test_life() {
    pet life
    equal "$(kennel run life -- echo hello)" hello
    equal "$(state_of life)" running
    kennel stop life
    equal "$(state_of life)" stopped
    kennel start life
    equal "$(state_of life)" running
    remove life
    equal "$(state_of life)" absent
}

test_what_was_changed_stays_over_a_restart() {
    pet keep
    kennel run keep -- sudo sh -c 'echo kept > /etc/kept'
    kennel restart keep
    equal "$(kennel run keep -- cat /etc/kept)" kept
    remove keep
}

test_a_name_is_taken_once() {
    pet once
    status_is 125 pet once
    one_line_error
    remove once
}

test_rename_keeps_the_id() {
    local id
    pet old-name
    id=$(id_of old-name)
    kennel rename old-name new-name
    equal "$(id_of new-name)" "$id"
    equal "$(state_of old-name)" absent
    remove new-name
}
