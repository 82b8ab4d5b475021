#!/usr/bin/python3
"""The page of what holds a pet: every line of the report, as `kennel status` has it."""

import json
import os

from driver import Window, check, kennel, main, wait

REFERENCE = os.environ["KENNEL_REF"]


def report(name):
    return json.loads(kennel("status", name, "--json"))["report"]


def open_page(window, name):
    wait("the pet is listed", lambda: window.row(name))
    window.click(window.find("list item", name))
    wait("its page sums up what holds it", lambda: window.find("label", "Security"))
    wait("with what there is to worry about", lambda: window.says("risk") or window.says("Held well"))
    window.scroll_to(window.find("label", "Security"))
    window.shot(f"security-row-{name}")
    window.click_row("Security")
    wait("the page is there", lambda: window.says("What Holds It"))


def page():
    kennel("create", "free", "--image", REFERENCE, "--cpus", "0.5")
    kennel("start", "free")
    with Window() as window:
        open_page(window, "free")
        for line in report("free"):
            wait(f"it says: {line['fact']}", lambda: window.says(line["fact"]))
            wait("and what that means", lambda: window.says(line["meaning"]))
        marks = [node.name for node in window.nodes() if node.getRoleName() in ("image", "icon", "img")]
        check({"Good", "Note", "Risk"} <= set(marks), f"each verdict has a name: {set(marks)}")
        window.shot("security")
        window.press("Copy Report")
        wait("the report is copied", lambda: window.says("Report copied"))
        window.scroll_to(window.find("label", "Your home folder is shared"))
        window.shot("security-reach")
        kennel("stop", "free")
        wait("within two seconds it says that the pet stopped", lambda: window.says("free is not running"), 2.5)
        window.shot("security-stopped")
        kennel("start", "free")
        wait("and that it runs", lambda: not window.says("free is not running"), 3.5)
        window.click_row("Your home folder is shared")
        wait("a line leads to the settings", lambda: window.says("Starting Point"))
        check(not window.says("What Holds It"), "the page is left")
    kennel("rm", "--force", "--yes", "free")


def dark():
    kennel("create", "shut", "--image", REFERENCE, "--preset", "sealed")
    kennel("start", "shut")
    with Window() as window:
        open_page(window, "shut")
        wait("nothing is to worry about", lambda: window.says("It has no network"))
        check(not window.says("Risk"), "no line is a risk")
        window.shot("security-dark")
        window.resize(360, 640)
        wait("it fits a narrow window", lambda: window.says("What Holds It"))
        check(window.beyond(360) == [], f"nothing reaches over the edge: {window.beyond(360)}")
        window.shot("security-narrow")
    kennel("rm", "--force", "--yes", "shut")


main(page, dark)
