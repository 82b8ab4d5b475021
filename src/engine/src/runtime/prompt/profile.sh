# Kennel: which pet this is, in the prompt. Sourced by login shells through /etc/profile.d, and by
# interactive sh, dash and ash through ENV. Nothing is said, and nothing changes for scripts.
case $PATH in
    */run/kennel/bin*) ;;
    *) PATH=$PATH:/run/kennel/bin ;;
esac
case $- in
    *i*)
        if [ -z "${KENNEL_PET-}" ]; then
            :
        elif [ -n "${BASH_VERSION-}" ]; then
            # At each prompt, because the person's own files set theirs after this one.
            __kennel_prompt() {
                case $PS1 in
                    *KENNEL_PET*) ;;
                    *debian_chroot*) [ -n "${debian_chroot-}" ] || PS1='($KENNEL_PET) '$PS1 ;;
                    *) PS1='($KENNEL_PET) '$PS1 ;;
                esac
            }
            case ${PROMPT_COMMAND-} in
                *__kennel_prompt*) ;;
                *) PROMPT_COMMAND="__kennel_prompt${PROMPT_COMMAND:+;$PROMPT_COMMAND}" ;;
            esac
        else
            case ${PS1-} in
                "($KENNEL_PET) "*) ;;
                *) PS1="($KENNEL_PET) ${PS1:-\$ }" ;;
            esac
        fi
        ;;
esac
