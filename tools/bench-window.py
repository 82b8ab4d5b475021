#!/usr/bin/python3
"""Kennel's window beside a bare one of the same toolkit, started in turn on one display.

    tests/gui/with-display 1280x800 tools/bench-window.py start KENNEL-DESKTOP BARE [ROUNDS]
        from the start to the first frame with the pets listed, memory, and wake-ups while idle
    tests/gui/with-display 1280x800 tools/bench-window.py hidden KENNEL-DESKTOP BARE [SECONDS]
        wake-ups a second of the app and of its engine, at rest: seen, and minimised
    tests/gui/with-display 1280x800 tools/bench-window.py terminal KENNEL-DESKTOP [ROUNDS]
        from a click on Open Terminal to the shell's prompt; the pet runs and is the only one
    tests/gui/with-display 1280x800 tools/bench-window.py scroll KENNEL-DESKTOP
        what each frame costs while a long list of pets is scrolled from end to end

Times are those of the picture on the screen: the server's own memory is looked at, which takes
nothing from the window that is measured. The work of the main thread is processor time, which is
the same on a computer that does other things besides.
"""

import contextlib
import mmap
import os
import statistics
import struct
import subprocess
import sys
import time

POLL = 0.001
PATIENCE = 30
# Where the windows are as they open, without a window manager: x, y, width, height.
FIRST_ROWS = (0, 60, 280, 60)
FIRST_PAGE = (300, 60, 660, 300)
BARE_LABEL = (390, 280, 200, 100)
LIST = (0, 60, 260, 560)


class Screen:
    """What is on the screen, as the server draws it."""

    def __init__(self):
        with open(os.environ["KENNEL_SCREEN"], "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", self.memory[:100])
        self.start = header[0] + header[19] * 12
        self.line = header[12]

    def part(self, x, y, width, height):
        first = self.start + y * self.line + x * 4
        rows = range(first, first + height * self.line, self.line)
        return b"".join(self.memory[row:row + width * 4] for row in rows)


@contextlib.contextmanager
def running(program):
    """The program, with nothing of the one before on the screen."""
    process = subprocess.Popen([program], stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for(screen, part, picture):
    """Waits for the picture; the others that were seen before it, and when each was there first."""
    begun, seen = time.monotonic(), []
    while True:
        now = screen.part(*part)
        if not seen or seen[-1][1] != now:
            seen.append((time.monotonic(), now))
        if now == picture:
            return [when for when, _ in seen]
        if time.monotonic() - begun > PATIENCE:
            sys.exit("what was to be on the screen never was")
        time.sleep(POLL)


def status(pid, key):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(key + ":"):
            return int(line.split()[1])
    return 0


def private(pid):
    """Memory that is this process's alone, in kB: what a second window of the toolkit would cost."""
    return sum(int(line.split()[1]) for line in open(f"/proc/{pid}/smaps_rollup") if line.startswith("Private"))


def worked(pid):
    """Milliseconds of a processor that its main thread took: they are the same on a busy computer."""
    return int(open(f"/proc/{pid}/task/{pid}/schedstat").read().split()[0]) / 1e6


def wakes(pid):
    """How often each of its threads has waited for something."""
    return {
        task: int(line.split()[1])
        for task in os.listdir(f"/proc/{pid}/task")
        for line in open(f"/proc/{pid}/task/{task}/status")
        if line.startswith("voluntary_ctxt_switches")
    }


def rate(pids, seconds):
    """How often a second these processes wake up. Threads that end meanwhile do not count."""
    before = [wakes(pid) for pid in pids]
    time.sleep(seconds)
    return sum(count - old.get(task, 0) for pid, old in zip(pids, before) for task, count in wakes(pid).items()) / seconds


def final(screen, program, *parts):
    """What the parts of the screen show in the end."""
    with running(program):
        time.sleep(4)
        return [screen.part(*part) for part in parts]


def opened(screen, program, parts, pictures):
    """Starts it and measures: milliseconds, memory, its own memory, wake-ups a second, pictures before
    the last; and milliseconds until the other part is there, too."""
    begun = time.monotonic()
    with running(program) as process:
        times = wait_for(screen, parts[0], pictures[0])
        took = (times[-1] - begun) * 1000
        busy = worked(process.pid)
        all_took = (wait_for(screen, parts[1], pictures[1])[-1] - begun) * 1000
        all_busy = worked(process.pid)
        time.sleep(3)
        memory, own = status(process.pid, "VmRSS"), private(process.pid)
        return took, busy, memory, own, rate([process.pid], 2), len(times) - 2, all_took, all_busy


def start(kennel, bare, rounds="7"):
    screen = Screen()
    windows = [(bare, BARE_LABEL, BARE_LABEL), (kennel, FIRST_ROWS, FIRST_PAGE)]
    pictures = [final(screen, *window) for window in windows]
    theirs, ours = [], []
    for _ in range(int(rounds)):
        for (program, *parts), last, rows in zip(windows, pictures, (theirs, ours)):
            rows.append(opened(screen, program, parts, last))
    what = [
        ("window with its pets", "ms"),
        ("work of its main thread", "ms"),
        ("its memory (RSS)", "kB"),
        ("its own memory", "kB"),
        ("wake-ups a second, idle", ""),
        ("other pictures before", ""),
        ("and the first pet's page", "ms"),
        ("work for all of it", "ms"),
    ]
    for index, (text, unit) in enumerate(what):
        one, other = (statistics.median(row[index] for row in rows) for rows in (ours, theirs))
        ratio = f"{one / other:.2f}×" if other else "-"
        print(f"{text:<26} kennel {one:10.1f} {unit:<2}   bare window {other:10.1f} {unit:<2}   {ratio}")
    print("all times:", *(f"{o[0]:.0f}/{t[0]:.0f}" for o, t in zip(ours, theirs)))


def place_of(pid, role, name=None):
    """Where the first of these is in the window, as a screen reader finds it."""
    import pyatspi

    def walk(node):
        yield node
        for i in range(node.childCount):
            child = node.getChildAtIndex(i)
            if child is not None:
                yield from walk(child)

    desktop = pyatspi.Registry.getDesktop(0)
    for app in (desktop.getChildAtIndex(i) for i in range(desktop.childCount)):
        if app is None or app.get_process_id() != pid:
            continue
        for node in walk(app):
            shown = node.getState().contains(pyatspi.STATE_SHOWING)
            if shown and node.getRoleName() in role and (name is None or node.name == name):
                box = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
                return box.x, box.y, box.width, box.height
    sys.exit(f"there is no {role} {name or ''}")


def tool(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True)


def minimise(name):
    """What a window manager does to minimise the window of this name."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{name}$"], check=True, stdout=subprocess.PIPE)
    for window in found.stdout.decode().split():
        state = ["-f", "_NET_WM_STATE", "32a", "-set", "_NET_WM_STATE", "_NET_WM_STATE_HIDDEN"]
        subprocess.run(["xprop", "-id", window, *state], check=True)
        tool("windowunmap", "--sync", window)


def children(pid):
    """The process and those that it started, with theirs."""
    tasks = os.listdir(f"/proc/{pid}/task")
    below = [child for task in tasks for child in open(f"/proc/{pid}/task/{task}/children").read().split()]
    return [pid, *(one for child in below for one in children(int(child)))]


def hidden(kennel, bare, seconds="30"):
    print(f"wake-ups a second    {'seen':>12} {'minimised':>12}")
    for program, name, text in ((bare, "Bare", "bare window"), (kennel, "Kennel", "kennel")):
        rows = []
        with running(program) as process:
            for change in (lambda: None, lambda name=name: minimise(name)):
                change()
                time.sleep(6)
                app, *engine = children(process.pid)
                half = float(seconds) / 2
                rows.append((rate([app], half), rate(engine, half)))
        for index, part in enumerate((text, "its engine")[:2 if engine else 1]):
            print(f"{part:<20} " + " ".join(f"{row[index]:12.1f}" for row in rows))


def focus():
    tool("search", "--sync", "--onlyvisible", "--name", "^Kennel$", "windowfocus", "--sync")


def terminal(kennel, rounds="7"):
    screen = Screen()
    prompt, rows = None, []
    for number in range(int(rounds) + 1):
        with running(kennel) as process:
            time.sleep(4)
            focus()
            x, y, width, height = place_of(process.pid, ("button", "push button"), "Open Terminal")
            tool("mousemove", x + width // 2, y + height // 2)
            time.sleep(0.5)
            before, begun = worked(process.pid), time.monotonic()
            tool("click", 1)
            if number == 0:
                time.sleep(4)
                x, y, *_ = place_of(process.pid, ("terminal",))
                # The first letters; the cursor, which blinks, is behind them.
                part = (x, y, 60, 20)
                prompt = screen.part(*part)
            else:
                wait_for(screen, part, prompt)
                rows.append(((time.monotonic() - begun) * 1000, worked(process.pid) - before))
    took, work = (statistics.median(row[index] for row in rows) for index in (0, 1))
    print(f"a click on Open Terminal to the prompt: {took:.0f} ms, of which the window works {work:.0f} ms")
    print("all times:", *(f"{took:.0f}" for took, _ in rows))


def scroll(kennel):
    screen = Screen()
    with running(kennel) as process:
        time.sleep(6)
        focus()
        tool("mousemove", 140, 400)
        frames = []
        for button in (5, 4):
            wheel = subprocess.Popen(["xdotool", "click", "--repeat", "150", "--delay", "20", str(button)])
            last, work = screen.part(*LIST), worked(process.pid)
            while wheel.poll() is None:
                now = screen.part(*LIST)
                if now != last:
                    last, before, work = now, work, worked(process.pid)
                    frames.append(work - before)
                time.sleep(POLL / 4)
    frames.sort()
    print(f"{len(frames)} frames: median {statistics.median(frames):.1f} ms, 99 of 100 below {frames[len(frames) * 99 // 100]:.1f} ms, longest {frames[-1]:.1f} ms")


COMMANDS = {"start": start, "hidden": hidden, "terminal": terminal, "scroll": scroll}

COMMANDS[sys.argv[1]](*sys.argv[2:])
