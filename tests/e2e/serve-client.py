#!/usr/bin/env python3
"""Does what the app does: starts `kennel serve`, asks it for one pet, and waits for the outcome.

serve-client.py REQUEST: REQUEST is a CreateRequest as JSON. Prints the last event."""

import json
import os
import socket
import subprocess
import sys

from gi.repository import Gio, GLib

INTERFACE, PATH = "io.github.kennel.Engine1", "/io/github/kennel/Engine"


def main():
    ours, theirs = socket.socketpair()
    subprocess.Popen(["kennel", "serve", "--fd", str(theirs.fileno())], pass_fds=[theirs.fileno()])
    theirs.close()
    # The handshake by hand (D-Bus specification, "Authentication Protocol"): GDBus asks first which
    # mechanisms there are, which the engine's side takes for a failure.
    ours.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
    if not ours.recv(100).startswith(b"OK "):
        sys.exit("kennel serve refuses its client")
    ours.sendall(b"BEGIN\r\n")
    stream = Gio.Socket.new_from_fd(ours.detach()).connection_factory_create_connection()
    connection = Gio.DBusConnection.new_sync(stream, None, Gio.DBusConnectionFlags.NONE, None, None)
    loop = GLib.MainLoop()

    def heard(_connection, _sender, _path, _interface, _signal, parameters):
        event = json.loads(parameters.unpack()[1])
        if event["event"] in ("done", "failed"):
            print(json.dumps(event))
            loop.quit()

    connection.signal_subscribe(None, INTERFACE, "JobEvent", PATH, None, Gio.DBusSignalFlags.NONE, heard)
    connection.connect("closed", lambda *_: loop.quit())

    def call(method, arguments):
        return connection.call_sync(None, PATH, INTERFACE, method, arguments, None, Gio.DBusCallFlags.NONE, 10000, None)

    call("Handshake", GLib.Variant("(u)", (2,)))
    call("CreatePet", GLib.Variant("(s)", (sys.argv[1],)))
    loop.run()


if __name__ == "__main__":
    main()
