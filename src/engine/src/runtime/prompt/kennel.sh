#!/bin/sh
# Kennel inside a pet. It says where it is; the host's Kennel cannot be reached from here yet.
pet=${KENNEL_PET-}
while IFS='"' read -r key value _; do
    if [ "$key" = name= ]; then pet=$value; fi
done </run/.containerenv
if [ $# -eq 0 ]; then
    echo "You are in the pet “$pet”. Leave it with: exit"
    exit 0
fi
echo "kennel: you are in the pet “$pet”, from where Kennel cannot be reached yet: leave it with “exit”, or open another terminal" >&2
exit 125
