#!/usr/bin/python3
"""The list of pets: searched, sorted by the keyboard, deleted from and taken back."""

import os
import subprocess

from driver import Window, check, kennel, main, pets, wait


def make(*names):
    for name in names:
        kennel("create", name, "--image", os.environ["KENNEL_REF"])


def remove(*names):
    for name in names:
        kennel("rm", "--force", "--yes", name)


def search():
    """Ctrl+F finds by name; Enter opens what is found first."""
    make("alpha", "beta")
    with Window() as window:
        wait("both are listed", lambda: window.row("alpha") and window.row("beta"))
        window.focus("Kennel")
        window.keys("ctrl+f")
        window.type("bet")
        wait("the other is not listed", lambda: not window.row("alpha"))
        check(window.row("beta"), "what was searched is")
        window.shot("list-search")
        window.keys("Return")
        wait("all are listed again", lambda: window.row("alpha"))
    remove("alpha", "beta")


def undo():
    """The Delete key hides a pet; Undo brings it back, and nothing of it was deleted."""
    make("alpha", "beta")
    with Window() as window:
        wait("both are listed", lambda: window.row("alpha") and window.row("beta"))
        window.click(window.find("list item", "beta"))
        window.keys("Delete")
        wait("the window says so", lambda: window.says("beta was deleted"))
        wait("its row is gone", lambda: not window.row("beta"))
        window.shot("list-undo")
        window.press("Undo")
        wait("it is back", lambda: window.row("beta"))
        check("beta" in pets(), "and was never deleted")
    remove("alpha", "beta")


def killed():
    """A window that is killed while a pet could still be had back deletes nothing."""
    make("alpha")
    with Window() as window:
        wait("it is listed", lambda: window.row("alpha"))
        window.click(window.find("list item", "alpha"))
        window.keys("Delete")
        wait("the window says so", lambda: window.says("alpha was deleted"))
        window.process.kill()
        window.process.wait()
        check("alpha" in pets(), "it is there still")
    remove("alpha")


def closed():
    """A window that is closed meanwhile deletes it at once: nobody can take it back any more."""
    make("alpha")
    kennel("start", "alpha")
    with Window() as window:
        wait("it is listed", lambda: window.row("alpha"))
        window.click(window.find("list item", "alpha"))
        window.keys("Delete")
        wait("the window says so", lambda: window.says("alpha was stopped and deleted"))
        window.keys("ctrl+q")
        wait("the app ends", lambda: window.process.poll() == 0, 7)
        check("alpha" not in pets(), "and the pet is deleted")


def asked():
    """The desktop's menu of the app opens New Pet."""
    make("alpha")
    with Window() as window:
        wait("it is listed", lambda: window.row("alpha"))
        subprocess.run(["gapplication", "action", "io.github.kennel.Kennel", "new-pet"], check=True)
        wait("a pet can be made", lambda: window.is_sensitive("Create"))
    remove("alpha")


main(search, undo, killed, closed, asked)
