#!/usr/bin/python3
"""What cannot be done is said, with the reason and what to do."""

import os
import shutil
import tempfile

from driver import Window, check, kennel, main, pets, wait

REFERENCE = os.environ["KENNEL_REF"]


def names():
    kennel("create", "taken", "--image", REFERENCE)
    with Window() as window:
        window.press("New Pet")
        wait("Create can be pressed at once, with a free name", lambda: window.is_sensitive("Create"))
        for name, reason in [
            ("Upper", "“U” cannot be part of a name"),
            ("two words", "A name has no spaces"),
            ("-dash", "starts with a lower-case letter or a digit"),
            ("a" * 64, "at most 63 characters"),
            ("taken", "Another pet has this name already."),
            ("", "A pet needs a name."),
        ]:
            window.set_text("Name", name)
            wait(f"the reason is given: {reason}", lambda: window.says(reason))
            check(not window.is_sensitive("Create"), "Create cannot be pressed")
        window.shot("bad-name")
        window.set_text("Name", "good-name")
        wait("Create can be pressed", lambda: window.is_sensitive("Create"))
        window.press("Cancel")
    kennel("rm", "--force", "--yes", "taken")


def cannot_start():
    project = tempfile.mkdtemp(prefix="project-", dir=os.environ["HOME"])
    kennel("create", "broken", "--image", REFERENCE, "--project", project)
    shutil.rmtree(project)
    with Window() as window:
        window.press("Start")
        alert, _ = wait("a dialog says what is missing", lambda: window.find("alert", where=lambda n: project in n.name))
        window.shot("error")
        window.press("Close", inside=alert)
        wait("the dialog is gone", lambda: not window.find("alert"))
        wait("the row says so", lambda: "Could Not Start" in window.row("broken"))
        cause = f"~/{os.path.basename(project)}, which “broken” is given, is not there"
        check(any(cause in text for text in window.row("broken")), "with the cause")
        page = window.find("list", "Could Not Start")
        check(window.says(cause, inside=page), "the page opens on the cause")
        window.shot("failed")
        os.mkdir(project)
        window.press("Start")
        wait("what was put right starts", lambda: "Running" in window.row("broken"))
        check(window.find("list", "Could Not Start") is None, "the cause is gone")
    kennel("rm", "--force", "--yes", "broken")
    os.rmdir(project)


main(names, cannot_start)
