#!/usr/bin/python3
"""Opens the window, waits until it shows the pets, and leaves a picture in $KENNEL_SHOTS."""

from driver import Window, main, pets, wait


def opened():
    names = list(pets())
    with Window() as window:
        wait("the pets are shown", lambda: all(window.row(name) for name in names))
        window.shot("screenshot")


main(opened)
