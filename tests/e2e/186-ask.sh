# shellcheck shell=bash
# A pet whose host commands a person is asked about.

questions() { kennel questions --json | json "[q for q in d if q['pet'] == '$1']"; }
asks() { [ "$(questions "$1")" != '[]' ]; }
# answer NAME WORD: to the question that stands.
answer() { kennel answer "$1" "$(questions "$1" | json "d[0]['number']")" "$2"; }

test_a_command_waits_for_the_persons_word() {
    pet asking --preset project --host-commands ask
    kennel start asking
    kennel run asking -- kennel host-exec touch "$HOME/allowed" &
    local caller=$!
    wait_for 10 asks asking
    equal "$(questions asking | json "d[0]['command']")" "touch $HOME/allowed"
    status_is 1 test -e "$HOME/allowed"
    answer asking once
    wait "$caller"
    status_is 0 test -e "$HOME/allowed"
    equal "$(questions asking)" '[]'
    # Once is once.
    kennel run asking -- kennel host-exec touch "$HOME/allowed" 2>"$HOME/said" &
    caller=$!
    wait_for 10 asks asking
    answer asking deny
    local status=0
    wait "$caller" || status=$?
    equal "$status" 125
    contains "$(cat "$HOME/said")" 'you did not allow this'
    status_is 0 kennel logs asking
    contains "$OUT" "touch $HOME/allowed: exit status 0"
    remove asking
}

test_always_is_for_the_very_same_command() {
    pet sure --preset project --host-commands ask
    kennel start sure
    kennel run sure -- kennel host-exec echo 'a b' >"$HOME/first" &
    local caller=$!
    wait_for 10 asks sure
    answer sure always
    wait "$caller"
    status_is 0 kennel run sure -- kennel host-exec echo 'a b'
    equal "$OUT" 'a b'
    # Other words, or a variable that could give the same ones another meaning, are asked about.
    local other
    for other in 'kennel host-exec echo a b' 'flatpak-spawn --host --env=LD_PRELOAD=/tmp/evil.so echo "a b"'; do
        kennel run sure -- timeout 30 sh -c "$other" 2>/dev/null &
        caller=$!
        wait_for 10 asks sure
        answer sure deny
        wait "$caller" || true
    done
    # After a restart it still holds; setting the row anew forgets it.
    kennel restart sure
    status_is 0 kennel run sure -- kennel host-exec echo 'a b'
    kennel edit sure --host-commands ask >/dev/null
    kennel run sure -- kennel host-exec echo 'a b' 2>/dev/null &
    caller=$!
    wait_for 10 asks sure
    answer sure deny
    wait "$caller" || true
    remove sure
}

test_a_caller_that_goes_takes_its_question_along() {
    pet hasty --preset project --host-commands ask
    kennel start hasty
    kennel run hasty -- timeout 2 kennel host-exec touch "$HOME/never" || true
    wait_for 10 sh -c "! kennel list --json | grep -q questions"
    status_is 1 test -e "$HOME/never"
    # What the pet claims is shown as text, never as something else.
    kennel run hasty -- timeout 3 kennel host-exec echo $'x\e[2J\n<b>fine</b>' 2>/dev/null &
    local caller=$!
    wait_for 10 asks hasty
    status_is 1 sh -c "kennel list --json | grep -q '\\\\u001b'"
    wait "$caller" || true
    remove hasty
}

# Nobody sees a window: the caller is told what to type, and that is what allows it.
test_a_person_without_a_window_answers_on_the_command_line() {
    pet remote --preset project --host-commands ask
    kennel start remote
    status_is 0 kennel questions
    equal "$OUT" 'No command waits for your word.'
    cd "$HOME" || exit
    kennel run remote -- flatpak-spawn --host --env=COLOUR='a b' touch "$HOME/answered" 2>"$HOME/said-without-window" &
    local caller=$!
    wait_for 10 grep -q 'kennel answer' "$HOME/said-without-window"
    local command
    command=$(sed -n 's/.*on the host: \(kennel answer remote [0-9]*\) once|always|deny$/\1/p' "$HOME/said-without-window")
    status_is 0 kennel questions
    contains "$OUT" "env 'COLOUR=a b' touch $HOME/answered"
    equal "$(kennel questions --json | json "sorted(d[0])")" '["asked", "command", "directory", "id", "number", "pet", "variables"]'
    # What is set for it may mean something else next time.
    # shellcheck disable=SC2086 # words
    status_is 125 $command always
    one_line_error
    contains "$ERR" "$command once"
    status_is 125 kennel answer remote 1 once
    one_line_error
    contains "$ERR" 'kennel questions'
    status_is 125 kennel answer remote 1 perhaps
    contains "$ERR" "'perhaps'"
    status_is 1 test -e "$HOME/answered"
    # shellcheck disable=SC2086 # words
    status_is 0 $command once
    wait "$caller"
    status_is 0 test -e "$HOME/answered"
    equal "$(wc -l <"$HOME/said-without-window")" 1
    # A pet cannot answer for the person: its answer is a command that waits, too.
    kennel run remote -- kennel host-exec touch "$HOME/forged" 2>/dev/null &
    caller=$!
    wait_for 10 asks remote
    local number
    number=$(questions remote | json "d[0]['number']")
    kennel run remote -- timeout 3 kennel answer remote "$number" once 2>/dev/null || true
    status_is 1 test -e "$HOME/forged"
    answer remote deny
    wait "$caller" || true
    # Refused is written down, and by which word.
    status_is 0 kennel logs remote
    contains "$OUT" "touch $HOME/forged: you did not allow this"
    remove remote
}
