#!/usr/bin/python3
"""Preferences: whose images are taken without a question, kept in config.toml."""

import os

from driver import Window, check, main, wait

CONFIG = os.path.join(os.environ["XDG_CONFIG_HOME"], "kennel/config.toml")


def written():
    """What is in the person's file now."""
    with open(CONFIG, encoding="utf-8") as file:
        return file.read()


def trusted():
    """A source is added and another removed; a comment in the file stays."""
    with Window() as window:
        window.choose("Main Menu", 6)
        wait("what is trusted is listed", lambda: window.says("quay.io/team"))
        window.set_text("Add Source", "not a source")
        wait("what is no source is said at once", lambda: window.says("Enter a registry"))
        window.set_text("Add Source", "lab.example.org")
        wait("what is one is not complained about", lambda: not window.says("Enter a registry"))
        window.press("Add")
        wait("it is listed", lambda: window.button("Remove lab.example.org"))
        window.press("Remove quay.io/team")
        wait("the other one is gone", lambda: not window.button("Remove quay.io/team"))
        window.shot("preferences")
        check("lab.example.org" in written() and "quay.io/team" not in written(), "the file says the same")
        check("# my rules" in written(), "and its comment stays")


main(trusted)
