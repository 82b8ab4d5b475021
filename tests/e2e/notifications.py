#!/usr/bin/python3
"""notifications.py LOG [KEY]: shows notifications to nobody but the file LOG, a JSON line each:
"shown" with title, text and keys of the buttons, "closed" with the number. Presses the button KEY
of every notification that has it, a moment after it was shown."""

import json
import sys

from gi.repository import Gio, GLib

INTERFACE = """
<node><interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation">
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
  </method>
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>"""

LOG = sys.argv[1]
PRESSED = sys.argv[2] if len(sys.argv) > 2 else None
NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
CLOSED_BY_CALL = 3


def note(**what):
    """A line in the log."""
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(json.dumps(what, ensure_ascii=False) + "\n")


def press(connection, number):
    """The button is pressed."""
    answer = GLib.Variant("(us)", (number, PRESSED))
    connection.emit_signal(None, PATH, NAME, "ActionInvoked", answer)
    return GLib.SOURCE_REMOVE


class Server:
    """The notifications that stand."""

    last = 0

    def call(self, connection, _sender, _path, _interface, method, arguments, invocation):
        """A program asks for something."""
        answer = None
        if method == "GetCapabilities":
            answer = GLib.Variant("(as)", (["body", "actions"],))
        elif method == "GetServerInformation":
            answer = GLib.Variant("(ssss)", ("test", "Kennel", "1", "1.2"))
        elif method == "Notify":
            _app, replaced, _icon, title, text, actions = arguments.unpack()[:6]
            self.last = replaced or self.last + 1
            keys = actions[::2]
            note(event="shown", id=self.last, title=title, text=text, keys=keys)
            answer = GLib.Variant("(u)", (self.last,))
            if PRESSED in keys:
                GLib.timeout_add(200, press, connection, self.last)
        elif method == "CloseNotification":
            (number,) = arguments.unpack()
            note(event="closed", id=number)
            closed = GLib.Variant("(uu)", (number, CLOSED_BY_CALL))
            connection.emit_signal(None, PATH, NAME, "NotificationClosed", closed)
        invocation.return_value(answer)


def main():
    """Until it is killed."""
    server = Server()
    interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
    loop = GLib.MainLoop()

    def serve(connection, _name):
        connection.register_object(PATH, interface, server.call, None, None)

    def ready(_connection, _name):
        note(event="ready")

    Gio.bus_own_name(
        Gio.BusType.SESSION, NAME, Gio.BusNameOwnerFlags.NONE, serve, ready, lambda *_: loop.quit()
    )
    loop.run()


main()
