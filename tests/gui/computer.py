#!/usr/bin/python3
"""This Computer: what it lacks, with what follows and what to do."""

from driver import Window, main, wait


def looked_at():
    """This computer lacks something, which stands first with its consequence."""
    with Window() as window:
        window.choose("Main Menu", 3)
        wait("what is as it should be is listed", lambda: window.says("As It Should Be"))
        wait("and what is not stands before it", lambda: window.says("Could Be Better"))
        wait("with what follows", lambda: window.says("Limits of pets cannot be enforced"))
        window.press("Check Again")
        wait("it is looked at again", lambda: window.is_sensitive("Check Again"))
        window.tab_to("Control Groups")
        window.keys("Return")
        wait("what to do is a click away", lambda: window.button("Copy Commands"))
        window.shot("computer")


main(looked_at)
