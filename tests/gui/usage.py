#!/usr/bin/python3
"""What a pet uses, its busy process ended, and its limits moved with the keyboard."""

import json
import os
import subprocess
import time

import pyatspi

from driver import Window, check, kennel, main, wait

REFERENCE = os.environ["KENNEL_REF"]


def shown_at(window, name):
    wait("the pet is listed", lambda: window.row(name))
    window.click(window.find("list item", name))
    wait("its page is there", lambda: window.button("Pet Menu"))


def looks():
    """How many processes look at pets."""
    found = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = open(f"/proc/{pid}/cmdline").read()
        except OSError:
            continue
        # The engine starts it by its own file, whatever that is called.
        found += os.stat(f"/proc/{pid}").st_uid == os.getuid() and command.endswith("\0job\0usage\0")
    return found


def text(window, part):
    """The first text on the screen with this in it."""
    node = window.find(where=lambda node: part in (node.name or ""))
    return node.name if node else ""


def busy():
    """The busy loop shows in words on the overview, on the page and in the list; its button ends it."""
    kennel("create", "spinner", "--image", REFERENCE, "--preset", "project")
    kennel("create", "idle", "--image", REFERENCE, "--preset", "sealed")
    kennel("start", "idle")
    loop = subprocess.Popen(["kennel", "run", "spinner", "--", "bash", "-c", "exec -a counting-sheep bash -c 'while :; do :; done'"])
    try:
        with Window() as window:
            shown_at(window, "spinner")
            wait("its usage is said", lambda: " % of " in text(window, " process"))
            check(looks() == 1, "one process looks")
            window.shot("usage-overview")
            window.click_row("Usage")
            wait("the page has graphs", lambda: window.find("image", "Processor") and window.find("image", "Memory"))
            described = lambda: window.find("image", "Processor").description
            wait("a screen reader hears how busy it is", lambda: " % of " in (described() or "") and not described().startswith("0 %"))
            wait("the loop is in the list", lambda: window.button("End bash"), 20)
            wait("with what it was started as", lambda: window.says("counting-sheep"))
            if os.environ.get("KENNEL_SHOTS"):
                # Only for the picture: a graph of some length.
                time.sleep(40)
            window.shot("usage-page")
            window.scroll_to(window.find("label", "Processes"))
            window.scroll_to(window.find("label", "On the Disk"))
            wait("the disk was measured", lambda: window.says(" free"))
            window.shot("usage-processes")
            window.press("End bash")
            wait("it asks first", lambda: window.says("End bash?"))
            window.shot("usage-end")
            window.press("End", inside=window.find(("dialog", "alert")))
            wait("the loop has ended", lambda: loop.poll() is not None)
            wait("and is not in the list", lambda: not window.says("counting-sheep"))
            window.keys("ctrl+u")
            wait("all pets have a row", lambda: window.says("All Pets") and window.says("Running Pets"))
            wait("with their usage", lambda: window.find("label", "idle", inside=window.find("dialog")))
            window.shot("usage-all")
            window.keys("Escape")
            wait("the dialog is gone", lambda: not window.says("Running Pets"))
            kennel("stop", "spinner")
            wait("a stopped pet says so", lambda: window.says("Not Running"))
            window.shot("usage-stopped")
            window.keys("alt+Left")
            wait("the overview is back", lambda: window.says("What It Can Reach"))
            window.tab("Settings")
            wait("nobody looks while nothing shows it", lambda: looks() == 0)
    finally:
        loop.kill()
    kennel("rm", "--force", "--yes", "spinner", "idle")


def status(name):
    return json.loads(kennel("status", name, "--json"))["limits"]


def limits():
    """A slider is moved by keyboard; what holds is said, or why it does not."""
    kennel("create", "limited", "--image", REFERENCE)
    kennel("start", "limited")
    wanted = lambda limit: status("limited")[limit]["wanted"]
    with Window() as window:
        shown_at(window, "limited")
        window.tab("Settings")
        wait("its settings are there", lambda: window.says("Starting Point"))
        window.scroll_to(window.find("label", "Processor Share"))
        window.shot("limits-none")
        if status("limited")["unavailable"]:
            unenforceable(window)
            return
        window.toggle("Processor Cores")
        wait("a limit that holds nothing back", lambda: wanted("cpu") and wanted("cpu") % 1000 == 0)
        wait("there is a slider", lambda: window.find("slider", "Processor Cores"))
        before = wanted("cpu")
        focus_slider(window, "Processor Cores")
        for _ in range(5):
            window.keys("Left")
        wait("five steps are half a core less", lambda: wanted("cpu") == before - 500)
        cpu = status("limited")["cpu"]
        wait("what holds is said", lambda: window.says(f"Enforced: {cpu['enforced'] / 1000:g} cores"))
        window.toggle("Memory")
        wait("memory can be limited too", lambda: wanted("memory"))
        window.type_into("Memory", "1.5G")
        wait("by typing", lambda: wanted("memory") == 1536 << 20)
        window.toggle("Processor Share")
        wait("and its share", lambda: wanted("cpu_weight") == 100)
        window.scroll_to(window.find("label", "Limits"))
        window.shot("limits")
        window.scroll_to(window.find("label", "Processor Share"))
        window.shot("limits-more")
        window.type_into("Memory", "")
        wait("an empty entry takes the limit away", lambda: wanted("memory") is None)
    kennel("rm", "--force", "--yes", "limited")


def unenforceable(window):
    """No limit can be set here; one that was set on the command line can be taken away."""
    check(window.says("Limits Cannot Be Enforced"), "with the reason and what to do")
    kennel("edit", "limited", "--memory", "1G")
    wait("that it does not hold is said", lambda: window.says("Not enforced: "))
    check(not window.says("Enforced: "), "and nothing pretends")
    window.scroll_to(window.find("label", "Limits"))
    window.shot("limits")
    window.toggle("Processor Cores")
    window.toggle("Memory")
    wait("the limit can be taken away", lambda: status("limited")["memory"]["wanted"] is None)
    check(status("limited")["cpu"]["wanted"] is None, "and no other was set")
    kennel("rm", "--force", "--yes", "limited")


def focus_slider(window, name):
    """Presses Tab until the slider has the keyboard."""
    for _ in range(60):
        node = window.find("slider", name)
        if node and node.getState().contains(pyatspi.STATE_FOCUSED):
            return
        window.keys("Tab")


main(busy, limits)
