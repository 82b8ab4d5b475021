#!/usr/bin/python3
"""The installed Flatpak on a system that cannot be written: a pet of an archive that the portal's
file chooser hands over, its terminal, its limits, the host's podman from inside, and what ends
without the pet ending. On the person's own session bus, with the real portals."""

import json
import os
import pathlib
import subprocess

import pyatspi
from driver import check, kennel, log, main, pets, wait
from flatpak import Sandboxed, installed_copy, without_permission

ARCHIVE = os.environ["KENNEL_STARTER"]


def choose_through_the_portal(window, path):
    """Answers the portal's dialog, a program of the host's, by typing the path."""
    desktop = pyatspi.Registry.getDesktop(0)

    def dialog():
        apps = (desktop.getChildAtIndex(i) for i in range(desktop.childCount))
        portal = next((app for app in apps if app is not None and "portal" in app.name), None)
        return portal and window.find(("file chooser", "dialog"), inside=portal)

    chooser, _ = wait("the portal's file chooser is open", dialog, 40)
    window.focus(chooser.name)
    window.type("/")
    entry, _ = wait("it asks for a path", lambda: window.find("text", inside=chooser, where=lambda n: n.queryText().getText(0, -1) == "/"))
    window.shot("immutable-portal")
    entry.queryEditableText().setTextContents(path)
    window.keys("Return")
    wait("the portal's file chooser is closed", lambda: not dialog())
    window.focus("Kennel")


def group_of(pet):
    """The control group with the pet's limits; its processes are one below."""
    state = pathlib.Path(os.environ["XDG_RUNTIME_DIR"], "kennel", pets()[pet]["id"], "state.json")
    process = json.loads(state.read_text())["pid"]
    line = pathlib.Path(f"/proc/{process}/cgroup").read_text().strip()
    return pathlib.Path("/sys/fs/cgroup" + line.removeprefix("0::")).parent


def immutable():
    with Sandboxed() as window:
        wait("the engine answers from outside", lambda: window.says("No Pets Yet"), 30)
        window.shot("immutable-empty")
        installed_copy()
        window.open_new_pet("kept")
        window.press("Choose File…")
        choose_through_the_portal(window, ARCHIVE)
        wait("the dialog shows the file", lambda: window.says(os.path.basename(ARCHIVE)))
        window.shot("immutable-new-pet")
        window.press("Create")
        window.wait_for_prompt()
        window.run("echo $((6*7))", "42")
        kennel("edit", "kept", "--cpus", "0.5")
        limit = (group_of("kept") / "cpu.max").read_text().strip()
        check(limit == "50000 100000", f"half a core is what the kernel gives it: {limit}")
        window.run("podman ps | cut -c-12", "CONTAINER ID")
        window.shot("immutable-terminal")
    check(pets()["kept"]["state"] == "running", "the pet outlives the app that was killed")
    subprocess.run(["systemctl", "--user", "stop", "flatpak-session-helper"], check=True)
    check(pets()["kept"]["state"] == "running", "and Flatpak's session helper")
    check(kennel("run", "kept", "--", "echo", "there") == "there\n", "and goes on working")
    with Sandboxed() as window:
        wait("a new window adopts the pet", lambda: "Running" in window.row("kept"), 30)
        window.shot("immutable-adopted")
    kennel("rm", "--force", "--yes", "kept")
    without_permission()
    log("done")


main(immutable)
