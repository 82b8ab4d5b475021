#!/usr/bin/python3
"""Activity: what happened is searched, and the commands of the host are shown alone."""

import os
import subprocess

from driver import BUTTONS, Window, check, kennel, main, wait

REFERENCE = os.environ["KENNEL_REF"]
DARK = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}
SEARCH = "Search Activity"
MANY = "i=0; while [ $i -lt 120 ]; do kennel host-exec true number-$i; i=$((i+1)); done"


def refuse(name, *command):
    """The program in the pet may not, and says so."""
    kennel("edit", name, "--host-commands", "off")
    ran = subprocess.run(["kennel", "run", name, "--", "kennel", "host-exec", *command], stderr=subprocess.PIPE, check=False)
    check(ran.returncode == 125, "it is refused")
    kennel("edit", name, "--host-commands", "on")


def listed(window, text):
    return lambda: window.says(text)


def opened(window, text):
    """Opens the dialog; the page that comes up with the pets would close its menu."""
    wait("the pets are listed", lambda: window.row("attic") and window.button("Open Terminal"))
    window.choose("Main Menu", 4)
    wait("what happened is listed", listed(window, text))


def searched():
    """What is far down, or another pet's, is found; what is no command of the host is left out."""
    for name in ("webshop", "attic"):
        kennel("create", name, "--image", REFERENCE, "--preset", "project", "--host-commands", "on")
        kennel("start", name)
    kennel("run", "attic", "--", "kennel", "host-exec", "echo", "found <b>again")
    refuse("webshop", "touch", "/never")
    with Window() as window:
        opened(window, "was started")
        check(window.says("attic ran a command on this computer"), "a command of the host is told")
        check(window.says("echo 'found <b>again'"), "as it was written, whatever is in it")
        window.shot("activity-all")
        window.press("Host Commands")
        wait("what is no command is left out", lambda: not window.says("was started"))
        check(window.says("echo 'found <b>again'"), "the commands stay")
        window.shot("activity-host-commands")
        window.set_text(SEARCH, "webshop")
        wait("what was refused is found", listed(window, "A command of webshop could not run on this computer"))
        check(window.says("touch /never"), "with the command")
        window.shot("activity-refused")
        window.set_text(SEARCH, "webshop podman")
        wait("what no pet ran is not found", listed(window, "Nothing Found"))
        window.shot("activity-nothing")
        window.set_text(SEARCH, "webshop")
        window.press("Host Commands")
        wait("what else happened to it is", listed(window, "webshop was started"))
        check(not window.says("attic was started"), "and the other pet's is not")
        window.set_text(SEARCH, "ATTIC again status")
        wait("every word counts, in any case", listed(window, "exit status 0"))
        check(not window.says("webshop was started"), "nothing else is found")
        window.shot("activity-searched")
        window.click(window.find(("text", "entry"), SEARCH))
        window.keys("Escape")
        wait("Escape ends the search", listed(window, "webshop was started"))
        window.keys("Escape")
        wait("and then closes the dialog", lambda: not window.find(BUTTONS, "Host Commands"))
    kennel("run", "webshop", "--", "sh", "-c", MANY)
    with Window(**DARK) as window:
        opened(window, "number-119")
        check(not window.says("echo 'found <b>again'"), "old ones are not")
        check(window.says("Search to find earlier events."), "it says how they are found")
        window.set_text(SEARCH, "found")
        wait("they are found", listed(window, "echo 'found <b>again'"))
        check(not window.says("Search to find earlier events."), "there is no more to be found")
        window.shot("activity-old-dark")
    kennel("rm", "--force", "--yes", "webshop", "attic")


main(searched)
