#!/usr/bin/env python3
"""Compares what `flatpak info --show-permissions` says with the manifest given as argument."""

import configparser
import json
import sys

SECTIONS = {
    "--share": ("Context", "shared"),
    "--socket": ("Context", "sockets"),
    "--device": ("Context", "devices"),
    "--filesystem": ("Context", "filesystems"),
}

wanted: dict[tuple[str, str], set[str]] = {}
for argument in json.load(open(sys.argv[1]))["finish-args"]:
    option, value = argument.split("=", 1)
    if option == "--talk-name":
        wanted[("Session Bus Policy", value)] = {"talk"}
    else:
        wanted.setdefault(SECTIONS[option], set()).add(value)

shown = configparser.ConfigParser()
shown.optionxform = str
shown.read_string(sys.stdin.read())
granted = {
    (section, key): {word for word in value.split(";") if word}
    for section in shown.sections()
    for key, value in shown[section].items()
}
# X11 instead of Wayland is granted together with X11 itself.
if "fallback-x11" in granted.get(("Context", "sockets"), set()):
    granted[("Context", "sockets")].discard("x11")
if granted != wanted:
    sys.exit(f"granted {granted}\nwanted  {wanted}")
