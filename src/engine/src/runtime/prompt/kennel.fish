# Kennel: which pet this is, in the prompt.
if status is-interactive; and set -q KENNEL_PET
    contains /run/kennel/bin $PATH; or set -gx PATH $PATH /run/kennel/bin
    function __kennel_status
        return $argv[1]
    end
    # At the first prompt, because the person's own files define theirs after this one.
    function __kennel_prompt --on-event fish_prompt
        functions --erase __kennel_prompt
        functions --query fish_prompt; or return
        functions --copy fish_prompt __kennel_own_prompt
        function fish_prompt
            set -l last $status
            printf '(%s) ' $KENNEL_PET
            __kennel_status $last
            __kennel_own_prompt
        end
    end
end
