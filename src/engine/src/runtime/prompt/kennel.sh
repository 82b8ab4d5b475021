#!/bin/sh
# Kennel inside a pet that may not run commands on the host. It says where it is.
pet=${KENNEL_PET-}
while IFS='"' read -r key value _; do
    if [ "$key" = name= ]; then pet=$value; fi
done </run/.containerenv
if [ $# -eq 0 ]; then
    echo "You are in the pet “$pet”. Leave it with: exit"
    exit 0
fi
echo "kennel: the pet “$pet” may not run commands on the host: leave it with “exit”, and to let it: kennel edit $pet --host-commands on" >&2
exit 125
