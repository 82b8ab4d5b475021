#!/usr/bin/env python3
"""Runs a command and prints the most memory, in kB, that it and its children had at one moment.

Anonymous memory is summed; of the file-backed, which the processes share, the largest counts.
"""

import os
import subprocess
import sys
import time


def status(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            return dict(line.split(":", 1) for line in file)
    except OSError:
        return {}


def tree(root):
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        found = status(name)
        if "PPid" in found:
            children.setdefault(found["PPid"].strip(), []).append((name, found))
    todo, seen = [(str(root), status(root))], []
    while todo:
        pid, found = todo.pop()
        seen.append(found)
        todo += children.get(pid, [])
    return seen


def kilobytes(found, key):
    return int(found.get(key, "0 kB").split()[0])


def main():
    child, peak = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL), 0
    while child.poll() is None:
        now = tree(child.pid)
        anonymous = sum(kilobytes(found, "RssAnon") + kilobytes(found, "RssShmem") for found in now)
        peak = max(peak, anonymous + max(kilobytes(found, "RssFile") for found in now))
        time.sleep(0.01)
    print(peak)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main())
