"""How the window looks to a person: the size of its text, and whether all of a text is there."""

import ctypes
import os
import re
import struct
import subprocess
import unicodedata

import gi
import pyatspi

gi.require_version("Pango", "1.0")
gi.require_version("PangoCairo", "1.0")
from gi.repository import Pango, PangoCairo  # noqa: E402  its version has to be said first

def enlarge_text(times):
    """Makes the text of windows that open from now on so many times as large."""
    dpi = round(96 * times)
    subprocess.run(["xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", f"Xft.dpi:\t{dpi}\n"], check=True)


def settings(**values):
    """What a desktop's settings daemon would tell windows that open from now on."""
    directory = f"{os.environ['XDG_CONFIG_HOME']}/gtk-4.0"
    os.makedirs(directory, exist_ok=True)
    with open(f"{directory}/settings.ini", "w") as file:
        file.write("[Settings]\n" + "".join(f"gtk-{key.replace('_', '-')}={value}\n" for key, value in values.items()))


def is_cut_short(label):
    """Whether an ellipsis stands for the end of the text: its last letters share the width of the ellipsis
    then, and are not as wide as Pango lays them out with all the room there is. Of any script."""
    name, box = label.name, label.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
    # Marks above and below a letter have no place of their own.
    places_of = [at for at, letter in enumerate(name) if not unicodedata.combining(letter)]
    if len(places_of) < 3 or box.width <= 0 or box.height <= 0:
        return False
    third, second, last = places_of[-3:]
    text = label.queryText()
    layout = laid_out(name, dict(part.split(":", 1) for part in text.getDefaultAttributes().split(";")))
    line = layout.get_pixel_size().height
    # One line is in the middle, however high the label is; of several the last one is at its end.
    rows = (box.y + box.height // 2, box.y + box.height - line // 2)
    places = [[letter_at(text, column, row) for column in range(box.x, box.x + box.width)] for row in rows]
    ending = lambda letters: letters.count(second) + letters.count(last)
    letters = max(places, key=ending)
    shown = ending(letters)
    # The point belongs to the letter that begins nearest to it: to half of the one before, but one with a
    # mark is not divided.
    whole = sum(part * abs(layout.index_to_pos(len(name[:at].encode())).width) / Pango.SCALE
        for at, part in ((third, 0.5 if third + 1 == second else 0), (second, 1), (last, 0.5)))
    if layout.get_unknown_glyphs_count():
        # No font has them: GTK and Pango draw boxes, all of the same width.
        whole = 2 * letters.count(1)
    return shown < 0.8 * whole


def letter_at(text, column, row):
    """The letter at this place. Where a letter is GTK tells for ASCII only, but the other way for all."""
    try:
        return text.getOffsetAtPoint(column, row, pyatspi.WINDOW_COORDS)
    except Exception:  # there is no text
        return None


def laid_out(text, font):
    """The text in this font, as GTK tells its attributes, and in one line."""
    layout = Pango.Layout.new(PangoCairo.FontMap.get_default().create_context())
    description = Pango.FontDescription.from_string(font["family-name"])
    description.set_absolute_size(float(font["size"]) * Pango.SCALE)
    description.set_weight(int(font["weight"]))
    layout.set_font_description(description)
    layout.set_text(text, -1)
    return layout


def complaints(path):
    """What GTK said about the layout: a window that is smaller than what is in it, say."""
    with open(path, errors="replace") as file:
        return sorted({re.sub(r"0x[0-9a-f]+|\d{2}:\d{2}:\d{2}\.\d+: ", "", line.strip()) for line in file if "-WARNING **" in line or "-CRITICAL **" in line})


def compose():
    """Stands in for a compositor, for which windows from now on get round corners on something
    transparent. The display that is returned has to be kept."""
    xlib = ctypes.CDLL("libX11.so.6")
    window, display, text = ctypes.c_ulong, ctypes.c_void_p, ctypes.c_char_p
    xlib.XOpenDisplay.restype = display
    xlib.XDefaultRootWindow.argtypes, xlib.XDefaultRootWindow.restype = [display], window
    xlib.XCreateSimpleWindow.argtypes = [display, window, *[ctypes.c_int] * 2, *[ctypes.c_uint] * 3, *[ctypes.c_ulong] * 2]
    xlib.XCreateSimpleWindow.restype = window
    xlib.XInternAtom.argtypes, xlib.XInternAtom.restype = [display, text, ctypes.c_int], ctypes.c_ulong
    xlib.XSetSelectionOwner.argtypes = [display, ctypes.c_ulong, window, ctypes.c_ulong]
    xlib.XFlush.argtypes = [display]
    opened = xlib.XOpenDisplay(None)
    owner = xlib.XCreateSimpleWindow(opened, xlib.XDefaultRootWindow(opened), 0, 0, 1, 1, 0, 0, 0)
    xlib.XSetSelectionOwner(opened, xlib.XInternAtom(opened, b"_NET_WM_CM_S0", 0), owner, 0)
    xlib.XFlush(opened)
    return opened


# What ImageMagick does to a window: few colours make a small file, then a shadow as the desktop's.
FEW_COLORS = ["+dither", "-colors", "160"]
SHADOW = ["(", "+clone", "-background", "black", "-shadow", "38x9+0+5", ")", "+swap", "-background", "none", "-layers", "merge", "+repage"]
SMALL = ["-strip", "-define", "png:compression-level=9", "-define", "png:compression-filter=0"]


def portrait(title, path):
    """A picture of the window alone, with its transparent corners and a shadow."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"], check=True, text=True, stdout=subprocess.PIPE)
    dump = subprocess.run(["xwd", "-silent", "-id", found.stdout.split()[0]], check=True, stdout=subprocess.PIPE).stdout
    header = struct.unpack(">25I", dump[:100])
    start, width, height, colors = header[0], header[4], header[5], header[19]
    pixels = straight(bytearray(dump[start + 12 * colors:]))
    raw = ["-size", f"{width}x{height}", "-depth", "8", "bgra:-"]
    subprocess.run(["convert", *raw, *FEW_COLORS, *SHADOW, *SMALL, path], check=True, input=pixels)


def straight(pixels):
    """What is half transparent is half as bright on the display, and as bright as the rest in a file."""
    for at in range(3, len(pixels), 4):
        alpha = pixels[at]
        if 0 < alpha < 255:
            pixels[at - 3:at] = bytes(min(255, value * 255 // alpha) for value in pixels[at - 3:at])
    return bytes(pixels)


def contrast_of_mark(left, top, right, bottom):
    """How far the most colourful pixel of this part of the screen stands out from what is around it
    (WCAG 2.2, 1.4.3)."""
    size = subprocess.run(["import", "-window", "root", "-crop", f"{right - left}x{bottom - top}+{left}+{top}", "+repage", "-depth", "8", "rgb:-"],
        check=True, stdout=subprocess.PIPE).stdout
    pixels = [tuple(size[at:at + 3]) for at in range(0, len(size), 3)]
    colourful = max(pixels, key=lambda pixel: max(pixel) - min(pixel))
    row = pixels.index(colourful) // (right - left) * (right - left)
    around = pixels[row]
    one, other = sorted((luminance(colourful), luminance(around)), reverse=True)
    return (one + 0.05) / (other + 0.05)


def luminance(pixel):
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (value / 255 for value in pixel))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
