#!/usr/bin/python3
"""A pet's life in the window: made, worked in, stopped, started again and deleted."""

import os
import re
import time

from driver import Window, check, kennel, main, pets, wait

# Asks the terminal itself how wide it is (its cursor stops at the right edge), then the kernel.
SIZE = r"""printf '\e[999C\e[6n'
IFS='[;' read -rsd R _ _ columns
printf '\nwidget=%s tput=%s\n' "$columns" "$(tput cols)"
"""


def life():
    with Window() as window:
        window.create("from-window")
        wait("the pet is in the store", lambda: "from-window" in pets(), 120)
        # The terminal opens by itself and has the keyboard.
        window.wait_for_prompt()
        window.run("echo $((6*7))", "42")
        window.run("echo $TERM $COLORTERM", "xterm-256color truecolor")
        window.run("shopt -q login_shell && echo log''in", "login")
        terminal_follows_the_window(window)
        window.shot("terminal")
        delete(window, "from-window")


def terminal_follows_the_window(window):
    with open("size.sh", "w") as script:
        script.write(SIZE)
    wide = columns(window, "one")
    window.resize(700, 500)
    wait("the terminal is narrower", lambda: columns(window, str(time.monotonic())) < wide, 20)


def columns(window, mark):
    """The widget's width in cells, which must be what programs in the pet are told."""
    window.type(f"clear; bash size.sh; echo {mark}\n")
    shown = re.compile(rf"widget=(\d+) tput=(\d+)\s+{re.escape(mark)}\s")
    found, _ = wait("the width is told", lambda: shown.search(window.terminal() or ""))
    check(found[1] == found[2], f"{found[1]} columns in the widget, {found[2]} in the pet")
    return int(found[1])


def delete(window, name):
    window.choose("Pet Menu", 4)
    wait("the window says so", lambda: window.says(f"{name} was stopped and deleted"))
    wait("its row is gone", lambda: not window.row(name))
    check(name in pets(), "it can still be had back")
    window.shot("delete")
    wait("it is gone from the store when the toast is", lambda: name not in pets(), 30)


def project():
    """The project folder names the pet, and what is made in it is the person's."""
    folder = os.path.expanduser("~/My Shop")
    os.mkdir(folder)
    with Window() as window:
        window.press("New Pet…")
        window.press("Choose Folder…")
        window.choose_path(folder)
        wait("the folder is shown", lambda: window.says("~/My Shop"))
        wait("it names the pet", lambda: window.text_of("Name") == "my-shop")
        window.shot("project")
        window.keys("Return")
        wait("Enter creates it", lambda: "my-shop" in pets())
        check(pets()["my-shop"]["project"] == folder, "with the folder as its project")
        window.wait_for_prompt()
        window.type(f"touch '{folder}/made'\n")
        wait("the file is there", lambda: os.path.exists(f"{folder}/made"))
        check(os.stat(f"{folder}/made").st_uid == os.getuid(), "and the person's own")
        kennel("rm", "--force", "--yes", "my-shop")
        wait("its row is gone", lambda: not window.row("my-shop"))


def leaving():
    """Closing the window leaves the pets running."""
    with Window() as window:
        window.create("stays")
        window.wait_for_prompt()
        window.type("sleep 1000 &\n")
        # Ctrl+Q is the terminal's while it has the keyboard.
        window.press("Close")
        wait("the window closes", lambda: window.process.poll() is not None)
    check(pets()["stays"]["state"] == "running", "the pet runs on")
    kennel("rm", "--force", "--yes", "stays")


def terminals_end():
    """`exit` closes a tab; a terminal whose pet was stopped says so and can go on."""
    with Window() as window:
        window.create("ends")
        window.wait_for_prompt()
        window.type("exit\n")
        wait("the tab closes", lambda: window.says("No Terminal Open"))
        window.press("Open Terminal")
        window.wait_for_prompt()
        window.run("echo re''main", "remain")
        kennel("stop", "ends")
        wait("the terminal says that the pet stopped", lambda: window.says("ends stopped"))
        check("remain" in window.terminal(), "what was written stays to read")
        window.shot("ended")
        window.press("Start It Again")
        wait("the pet runs", lambda: pets()["ends"]["state"] == "running")
        wait("the ended terminal is gone", lambda: not window.says("ends stopped"))
        window.wait_for_prompt()
        window.run("echo ag''ain", "again")
        kennel("rm", "--force", "--yes", "ends")
        wait("its row is gone", lambda: not window.row("ends"))


main(life, project, leaving, terminals_end)
