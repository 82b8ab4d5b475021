#!/usr/bin/python3
"""Kennel's window beside a bare one of the same toolkit, both started in turn on one display:
time from start to the first frame with the pets listed, memory, and wake-ups while idle.

    tests/gui/with-display 1280x800 tools/bench-window.py KENNEL-DESKTOP BARE [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
import time

import pyatspi

POLL = 0.002


def walk(node):
    yield node
    for i in range(node.childCount):
        child = node.getChildAtIndex(i)
        if child is not None:
            yield from walk(child)


def application(pid):
    desktop = pyatspi.Registry.getDesktop(0)
    for i in range(desktop.childCount):
        app = desktop.getChildAtIndex(i)
        if app is not None and app.get_process_id() == pid:
            return app
    return None


def shows(pid, role, name):
    try:
        app = application(pid)
        return app is not None and any(
            node.getRoleName() == role and node.name == name and node.getState().contains(pyatspi.STATE_SHOWING)
            for node in walk(app)
        )
    except Exception:  # it changes while it is looked at
        return False


def status(pid, key):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(key + ":"):
            return int(line.split()[1])
    return 0


def private(pid):
    """Memory that is this process's alone, in kB: what a second window of the toolkit would cost."""
    return sum(int(line.split()[1]) for line in open(f"/proc/{pid}/smaps_rollup") if line.startswith("Private"))


def measure(program, role, name):
    begun = time.monotonic()
    process = subprocess.Popen([program], stderr=subprocess.DEVNULL)
    try:
        while not shows(process.pid, role, name):
            if time.monotonic() - begun > 30:
                sys.exit(f"{program}: no {role} “{name}”")
            time.sleep(POLL)
        took = (time.monotonic() - begun) * 1000
        time.sleep(3)
        wakes = lambda: sum(
            int(line.split()[1])
            for task in os.listdir(f"/proc/{process.pid}/task")
            for line in open(f"/proc/{process.pid}/task/{task}/status")
            if line.startswith("voluntary_ctxt_switches")
        )
        before = wakes()
        time.sleep(5)
        return took, status(process.pid, "VmRSS"), private(process.pid), (wakes() - before) / 5
    finally:
        process.terminate()
        process.wait(10)


def main(kennel, bare, rounds="7"):
    ours, theirs = [], []
    for _ in range(int(rounds)):
        theirs.append(measure(bare, "label", "bare"))
        ours.append(measure(kennel, "list item", "bench-window"))
    for index, (what, unit) in enumerate(
        [("window with its pets", "ms"), ("its memory (RSS)", "kB"), ("its own memory", "kB"), ("wake-ups a second, idle", "")]
    ):
        one, other = (statistics.median(row[index] for row in rows) for rows in (ours, theirs))
        ratio = f"{one / other:.2f}×" if other else "-"
        print(f"{what:<34} kennel {one:10.1f} {unit:<2}   {'bare window':<18} {other:10.1f} {unit:<2}   {ratio}")


main(*sys.argv[1:])
