"""Talks to the lab's QEMU: machine.py save RUN FILE SECONDS | machine.py go RUN."""

import json
import socket
import sys
import time


def dial(path):
    """The socket at `path`, which QEMU makes a moment after it starts."""
    end = time.time() + 60
    while True:
        try:
            stream = socket.socket(socket.AF_UNIX)
            stream.connect(path)
            return stream
        except OSError:
            if time.time() > end:
                raise
            time.sleep(0.05)


class Machine:
    """QEMU's own protocol (QMP)."""

    def __init__(self, run):
        self.file = dial(run + "/qmp.sock").makefile("rw")
        self.file.readline()
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        """The answer to `command`; events in between are passed over."""
        self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            if "error" in answer:
                sys.exit(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def wait(self, command, value):
        """Until the status that `command` tells is another than `value`."""
        while (status := self.ask(command).get("status")) in (value, None):
            time.sleep(0.05)
        return status


def save(run, state, seconds):
    """Waits until the guest is ready, and saves it."""
    guest = dial(run + "/control.sock")
    guest.settimeout(float(seconds))
    said = b""
    while b"READY" not in said:
        part = guest.recv(100)
        if not part:
            sys.exit("the guest ended before it was ready")
        said += part
    guest.close()
    time.sleep(1)
    machine = Machine(run)
    machine.ask("stop")
    machine.ask("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
    machine.ask("migrate", uri="file:" + state)
    while (status := machine.ask("query-migrate").get("status")) != "completed":
        if status == "failed":
            sys.exit("the state could not be saved")
        time.sleep(0.1)
    machine.ask("quit")


def go(run):
    """Waits until the state is loaded, and lets the guest go on."""
    guest = dial(run + "/control.sock")
    machine = Machine(run)
    machine.wait("query-status", "inmigrate")
    # It was stopped when it was saved.
    machine.ask("cont")
    guest.sendall(b"go\n")
    # Until it ends: closing would be an end of file there.
    while guest.recv(100):
        pass


if __name__ == "__main__":
    {"save": save, "go": go}[sys.argv[1]](*sys.argv[2:])
