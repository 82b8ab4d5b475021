#!/usr/bin/python3
"""A pet that is being made when something comes between: nothing half-made stays."""

import os
import shutil
import signal
import subprocess

from driver import Window, check, images, kennel, main, pets, processes, wait

ARCHIVE = os.environ["KENNEL_STARTER"]


def begin(window):
    """Starts making a pet from an archive that is not in the store; returns while it unpacks."""
    check(pets() == {} and images() == [], "the store is empty")
    window.create("half", file=ARCHIVE)
    wait("it says how far it is", lambda: window.says("Importing") or window.says("Unpacking"))
    check(pets() == {}, "there is no pet yet")


def cancelled():
    with Window() as window:
        begin(window)
        window.shot("progress")
        window.press("Cancel half")
        wait("the window says so", lambda: window.says("Canceled. Nothing was changed."))
        wait("the row is gone", lambda: not window.says("Cancel half") and window.says("No Pets Yet"))
        check(pets() == {}, "there is no pet")
        check(images() == [], "there is no image")


def tried_again():
    """An archive that is cut off fails; made whole, the same request makes the pet."""
    file = os.path.join(os.environ["HOME"], "again.oci.tar")
    with open(ARCHIVE, "rb") as whole, open(file, "wb") as cut:
        cut.write(whole.read(10_000_000))
    with Window() as window:
        window.create("again", file=file)
        wait("the window offers to try again", lambda: window.button("Try Again"), 60)
        window.shot("try-again")
        check(pets() == {}, "there is no pet")
        shutil.copy(ARCHIVE, file)
        window.press("Try Again")
        wait("the pet is made", lambda: "again" in pets(), 60)
    clear("again")
    os.remove(file)


def closed_window():
    """A closed window goes on making the pet, says when it is ready, and ends."""
    log = os.path.join(os.environ["XDG_DATA_HOME"], "notifications")
    script = os.path.join(os.path.dirname(__file__), "../e2e/notifications.py")
    desktop = subprocess.Popen(["/usr/bin/python3", script, log])
    said = lambda text: os.path.exists(log) and text in open(log, encoding="utf-8").read()
    wait("the desktop shows notifications", lambda: said("ready"))
    with Window() as window:
        begin(window)
        window.keys("ctrl+q")
        wait("the window is closed", lambda: not window.find("frame", "Kennel"))
        check(window.process.poll() is None and pets() == {}, "and goes on making the pet")
        wait("the desktop says that it is ready", lambda: said("half is ready"), 60)
        check("half" in pets(), "which it is")
        wait("the app ends by itself", lambda: window.process.poll() == 0)
    desktop.kill()
    clear("half")


def clear(pet):
    kennel("rm", "--force", "--yes", pet)
    for reference in images():
        kennel("image", "rm", "--yes", reference)


def killed_window():
    before = processes()
    with Window() as window:
        begin(window)
        os.kill(window.process.pid, signal.SIGKILL)
        window.process.wait()
        wait("Kennel's processes end", lambda: not set(processes()) - set(before), 10)
        check(pets() == {}, "there is no pet")
        check(images() == [], "there is no image")
    # What is left must not be in the way of the next one.
    kennel("create", "whole", "--image", f"oci-archive:{ARCHIVE}")
    check(list(pets()) == ["whole"], "the next pet is made")
    clear("whole")


def killed_engine():
    with Window() as window:
        window.create("survivor")
        window.wait_for_prompt()
        os.kill(engine_of(window), signal.SIGKILL)
        wait("the window says so", lambda: window.says("The engine stopped. Your pets keep running."))
        window.shot("lost")
        check(pets()["survivor"]["state"] == "running", "the pet runs on")
        window.run("echo still h''ere", "still here")
        window.press("Start It Again")
        wait("the window is content again", lambda: not window.says("The engine stopped"))
        kennel("stop", "survivor")
        wait("the row follows", lambda: "Stopped" in window.row("survivor"))
        wait("the terminal says that the pet stopped", lambda: window.says("survivor stopped"))
        window.press("Start It Again")
        wait("the page works with the new engine", lambda: pets()["survivor"]["state"] == "running")
        wait("the ended terminal is gone", lambda: not window.says("survivor stopped"))
        window.wait_for_prompt()
        kennel("rm", "--force", "--yes", "survivor")


def engine_of(window):
    engines = [pid for pid, command in processes().items() if " serve " in f"{command} " and parent(pid) == window.process.pid]
    check(len(engines) == 1, "the window has one engine")
    return engines[0]


def parent(pid):
    return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])


main(cancelled, tried_again, closed_window, killed_window, killed_engine)
