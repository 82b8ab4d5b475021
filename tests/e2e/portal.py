#!/usr/bin/python3
"""portal.py LOG grant|refuse: the desktop's portal for work in the background. What it hears goes to
the file LOG, a JSON line each: "asked" with the reason, "told" with the status."""

import json
import sys

from gi.repository import Gio, GLib

INTERFACE = """
<node><interface name="org.freedesktop.portal.Background">
  <method name="RequestBackground">
    <arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
  </method>
  <method name="SetStatus"><arg type="a{sv}" direction="in"/></method>
</interface></node>"""

LOG, GRANTS = sys.argv[1], sys.argv[2] == "grant"
NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
REQUEST = PATH + "/request/1_1/kennel"


def note(**what):
    """A line in the log."""
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(json.dumps(what, ensure_ascii=False) + "\n")


def called(bus, sender, _path, _interface, method, arguments, invocation):
    if method == "RequestBackground":
        note(asked=arguments.unpack()[1]["reason"])
        invocation.return_value(GLib.Variant("(o)", (REQUEST,)))
        answer = GLib.Variant("(ua{sv})", (0, {"background": GLib.Variant("b", GRANTS)}))
        bus.emit_signal(sender, REQUEST, "org.freedesktop.portal.Request", "Response", answer)
    else:
        note(told=arguments.unpack()[0]["message"])
        invocation.return_value(None)


def main():
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0], called)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.REPLACE, lambda *_: note(ready=True), None)
    GLib.MainLoop().run()


main()
