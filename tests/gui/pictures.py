#!/usr/bin/python3
"""Takes the pictures of the window that a person judges and the README shows, into $KENNEL_SHOTS."""

import os

from driver import Window, kennel, main, wait

REFERENCE = os.environ["KENNEL_REF"]
HOME = os.environ["HOME"]
SESSION = "cd ~/src/webshop && ls && head -n 1 /etc/os-release && sudo id -un && git --version\n"


def pets_at_work():
    """Three pets, one of them in trouble, and a terminal."""
    for project in ("webshop", "thesis"):
        os.makedirs(f"{HOME}/src/{project}", exist_ok=True)
    for name in ("app.py", "README.md", "templates.html"):
        open(f"{HOME}/src/webshop/{name}", "w").close()
    kennel("create", "webshop", "--image", REFERENCE, "--project", f"{HOME}/src/webshop")
    kennel("create", "thesis", "--image", REFERENCE, "--project", f"{HOME}/src/thesis")
    kennel("create", "try-things", "--image", REFERENCE, "--preset", "sealed")
    kennel("start", "try-things")


def window():
    with Window() as window:
        wait("the window knows that there is no pet", lambda: window.says("No Pets Yet"))
        window.shot("empty")
        pets_at_work()
        wait("the pets are there", lambda: window.row("webshop"))
        window.click(window.find("list item", where=lambda row: "webshop" in [n.name for n in row]))
        wait("its page is there", lambda: window.says("~/src/webshop · "))
        window.shot("page")
        window.press("New Pet")
        wait("the dialog is there", lambda: window.is_sensitive("Create"))
        window.shot("new-pet")
        window.press("Cancel")
        wait("the dialog is gone", lambda: not window.button("Create"))
        window.press("Open Terminal")
        window.wait_for_prompt()
        window.type(SESSION)
        wait("the answers are there", lambda: "git version" in window.terminal())
        window.wait_for_prompt()
        window.shot("screenshot")
        window.resize(360, 400)
        wait("the terminal is alone", lambda: not window.row("thesis"))
        window.shot("narrow")


main(window)
