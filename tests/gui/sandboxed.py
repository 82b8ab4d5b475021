#!/usr/bin/env python3
"""The app named on the command line is called over D-Bus; its window must appear, with words in it."""

import os
import subprocess
import sys
import time

import pyatspi

app = sys.argv[1]
path = "/" + app.replace(".", "/")


def frames():
    for program in pyatspi.Registry.getDesktop(0):
        if program is not None:
            yield from (child for child in program if child is not None and child.getRoleName() == "frame")


def words(node):
    yield node.name
    for child in node:
        if child is not None:
            yield from words(child)


subprocess.run(
    ["gdbus", "call", "--session", "--timeout", "60", "--dest", app, "--object-path", path,
     "--method", "org.freedesktop.Application.Activate", "{}"],
    check=True,
)
end = time.monotonic() + 60
said: set[str] = set()
while time.monotonic() < end and not said:
    time.sleep(0.2)
    for frame in frames():
        said = {word for word in words(frame) if word}
if shots := os.environ.get("KENNEL_SHOTS"):
    subprocess.run(["import", "-window", "root", f"{shots}/sandboxed.png"], check=False)
print("in the window:", sorted(said))
subprocess.run(["flatpak", "kill", app], check=False)
if "Kennel" not in " ".join(said):
    sys.exit("no window of Kennel")
