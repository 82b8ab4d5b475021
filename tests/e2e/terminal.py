"""A person at a terminal: runs a command on a pty and types what the script says.

    terminal.py [KEY=VALUE…] -- COMMAND… <SCRIPT

Each line of the script is a step: `expect TEXT` waits until TEXT (a regular expression) came after what was
expected before, `send TEXT` types it (backslash escapes as in Python), `resize COLUMNS ROWS` changes the
window, `signal NAME` goes to the command, `end STATUS` waits for its end, after which the terminal must be as it
was, `close` closes the terminal and waits for the end. All that came goes to standard output.
"""
import fcntl, os, pty, re, select, signal, struct, sys, termios, time

PATIENCE = 20


class Terminal:
    def __init__(self, command, environment):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.environ.update(environment)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execvp(command[0], command)
        self.before = termios.tcgetattr(self.master)
        self.seen, self.at = "", 0

    def read(self, patience):
        """Reads once; false when nothing came, None at the end."""
        if not select.select([self.master], [], [], patience)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return None
        if not data:
            return None
        self.seen += data.decode("utf-8", "replace")
        return True

    def expect(self, text):
        end = time.monotonic() + PATIENCE
        while not (found := re.compile(text).search(self.seen, self.at)):
            if self.read(0.2) is None or time.monotonic() > end:
                self.fail(f"{text!r} did not come after {self.seen[self.at:]!r}")
        self.at = found.end()

    def send(self, text):
        os.write(self.master, text.encode().decode("unicode_escape").encode("latin-1"))

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))

    def signal(self, name):
        os.kill(self.pid, getattr(signal, name))

    def end(self, status):
        end = time.monotonic() + PATIENCE
        while self.read(0.2) is not None:
            if time.monotonic() > end:
                self.fail("it does not end")
        _, wait_status = os.waitpid(self.pid, 0)
        code = os.waitstatus_to_exitcode(wait_status)
        if code != int(status):
            self.fail(f"it ended with {code}")
        if termios.tcgetattr(self.master) != self.before:
            self.fail("it leaves the terminal in another mode than it found it")

    def close(self, _):
        os.close(self.master)
        end = time.monotonic() + PATIENCE
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > end:
                self.fail("it goes on without its terminal")
            time.sleep(0.05)

    def fail(self, why):
        print(self.seen)
        sys.exit(f"terminal: {why}")


def main():
    cut = sys.argv.index("--")
    environment = dict(pair.split("=", 1) for pair in sys.argv[1:cut])
    terminal = Terminal(sys.argv[cut + 1:], environment)
    for line in sys.stdin:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if not verb or verb.startswith("#"):
            continue
        if verb == "resize":
            terminal.resize(*rest.split())
        else:
            getattr(terminal, verb)(rest)
    print(terminal.seen)


main()
