#!/usr/bin/python3
"""Takes the pictures of the window that a person judges and the README shows, into $KENNEL_SHOTS."""

import os

from driver import Window, kennel, main, wait

REFERENCE = os.environ["KENNEL_REF"]
HOME = os.environ["HOME"]
PROMPT = r"PS1='\[\e[1;32m\]\h\[\e[0m\]:\[\e[1;34m\]\w\[\e[0m\]\$ '" + "\nalias ls='ls --color=auto'\n"
SESSION = ["cd ~/src/webshop", "ls", "head -n 1 /etc/os-release", "git --version", "ps -e -o pid,comm"]


def pets_at_work():
    """Three pets: two with a project, one to try things in."""
    for project in ("webshop", "thesis"):
        os.makedirs(f"{HOME}/src/{project}", exist_ok=True)
    for name in ("app.py", "README.md"):
        open(f"{HOME}/src/webshop/{name}", "w").close()
    os.makedirs(f"{HOME}/src/webshop/templates", exist_ok=True)
    with open(f"{HOME}/.bash_profile", "w") as profile:
        profile.write(PROMPT)
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
        window.click(window.find("list item", "webshop"))
        wait("its page is there", lambda: window.says("~/src/webshop · "))
        window.shot("page")
        window.press("New Pet")
        wait("the dialog is there", lambda: window.is_sensitive("Create"))
        window.shot("new-pet")
        window.press("Cancel")
        wait("the dialog is gone", lambda: not window.button("Create"))
        window.press("Open Terminal")
        window.wait_for_prompt()
        for line in SESSION:
            window.type(line + "\n")
        wait("the answers are there", lambda: window.terminal().rstrip().endswith("webshop$") and "COMMAND" in window.terminal())
        window.shot("screenshot")
        window.resize(360, 400)
        wait("the terminal is alone", lambda: not window.row("thesis"))
        window.shot("narrow")


main(window)
