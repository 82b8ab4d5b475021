#!/usr/bin/python3
"""What the command line does is in the window within a second."""

import os

from driver import Window, check, kennel, main, wait

REFERENCE = os.environ["KENNEL_REF"]
SOON = 1.0


def command_line():
    with Window() as window:
        wait("the window knows that there is no pet", lambda: window.says("No Pets Yet"))
        kennel("create", "outside", "--image", REFERENCE)
        shows(window, "Stopped")
        kennel("start", "outside")
        shows(window, "Running")
        kennel("stop", "outside")
        shows(window, "Stopped")
        kennel("rename", "outside", "renamed")
        soon("the new name is shown", lambda: window.row("renamed") and not window.row("outside"))
        kennel("rm", "--force", "--yes", "renamed")
        soon("its row is gone", lambda: window.says("No Pets Yet"))


def shows(window, state):
    soon(f"the row says {state}", lambda: state in window.row("outside"))


def soon(what, question):
    _, took = wait(what, question, 10)
    check(took <= SOON, f"within a second: {took:.2f} s")


main(command_line)
