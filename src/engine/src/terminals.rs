//! Terminal programs of desktops.

/// Programs and the word after which the command stands; the person's choice first.
pub const TERMINALS: [(&str, &str); 17] = [
    ("xdg-terminal-exec", "--"),
    ("ptyxis", "--"),
    ("kgx", "--"),
    ("gnome-terminal", "--"),
    ("konsole", "-e"),
    ("kitty", "--"),
    ("io.elementary.terminal", "--"),
    ("tilix", "-e"),
    ("alacritty", "-e"),
    ("wezterm", "-e"),
    ("footclient", "-e"),
    ("ghostty", "-e"),
    ("cosmic-term", "-e"),
    ("xfce4-terminal", "-x"),
    ("terminator", "-x"),
    ("x-terminal-emulator", "-e"),
    ("xterm", "-e"),
];
