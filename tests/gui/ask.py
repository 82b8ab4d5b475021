#!/usr/bin/python3
"""A program in a pet wants to run a command on this computer, and the person is asked."""

import os
import subprocess

from driver import Window, check, kennel, main, wait

REFERENCE = os.environ["KENNEL_REF"]
QUESTION = "Run a Command on This Computer?"


def wants(name, *command):
    """The program in the pet, which waits."""
    return subprocess.Popen(
        ["kennel", "run", name, "--", "kennel", "host-exec", *command], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def asked():
    kennel("create", "guarded", "--image", REFERENCE, "--preset", "project", "--host-commands", "ask")
    kennel("start", "guarded")
    file = os.path.join(os.environ["HOME"], "made <b>by the host")
    with Window() as window:
        wait("the pet is listed", lambda: window.row("guarded"))
        caller = wants("guarded", "touch", file)
        wait("it is asked", lambda: window.says(QUESTION))
        check(window.says("A program in guarded wants to run this as you"), "the pet is named")
        check(window.says("made <b>by the host"), "the command is text, whatever is in it")
        check(not os.path.exists(file), "nothing runs before the answer")
        window.shot("ask")
        window.press("Allow Once")
        check(caller.wait(20) == 0, "it ran")
        check(os.path.exists(file), "what it was to do is done")
        wait("the question is gone", lambda: not window.says(QUESTION))
        os.remove(file)
        caller = wants("guarded", "touch", file)
        wait("once is once", lambda: window.says(QUESTION))
        window.keys("Escape")
        check(caller.wait(20) == 125 and not os.path.exists(file), "to look away is to deny")
        check(b"you did not allow this" in caller.stderr.read(), "the program hears of it")
        wait("the question is gone", lambda: not window.says(QUESTION))
        caller = wants("guarded", "touch", file)
        wait("it is asked again", lambda: window.says(QUESTION))
        caller.terminate()
        wait("nobody waits for an answer any more", lambda: not window.says(QUESTION))
        caller.wait(20)
        check(not os.path.exists(file), "nothing ran")


main(asked)
