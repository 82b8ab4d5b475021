#!/usr/bin/python3
"""The app as a Flatpak: its engine and its pets on the host, and what it says when it may not
leave its sandbox. With the session bus's own Flatpak session helper."""

import os

from driver import check, kennel, main, pets, wait
from flatpak import Sandboxed, installed_copy, without_permission

REFERENCE = os.environ["KENNEL_REF"]


def sandboxed():
    with Sandboxed() as window:
        wait("the engine answers from outside", lambda: window.says("No Pets Yet"), 60)
        installed_copy()
        kennel("create", "outside", "--image", REFERENCE)
        wait("what the command makes is in the window", lambda: window.row("outside"), 30)
        window.press("Open Terminal")
        window.wait_for_prompt()
        window.run("echo $((6*7))", "42")
        # Whatever the pet shares, the app's sandbox is not among it.
        window.run("[ -e /.flatpak-info ] || echo no''where", "nowhere")
        window.shot("sandboxed")
    check(pets()["outside"]["state"] == "running", "the pet outlives the app")
    with Sandboxed() as window:
        wait("a new window adopts the pet", lambda: "Running" in window.row("outside"), 60)
        window.shot("sandboxed-again")
    kennel("rm", "--force", "--yes", "outside")
    without_permission()


def beside():
    """The development build, while a release has a pet: it has none, and an engine of its own."""
    with Sandboxed() as window:
        wait("its engine answers from outside", lambda: window.says("No Pets Yet"), 60)
        check(not window.row("ordinary"), "the pet of the release is not there")
        installed_copy()
        window.shot("sandboxed-development")


main(sandboxed, beside)
