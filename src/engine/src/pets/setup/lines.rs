//! What a command prints, as lines that are safe to show and to keep.

/// Longer lines are cut, in bytes.
const LIMIT: usize = 4096;

/// Bytes on their way to lines.
#[derive(Debug, Default)]
pub struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// Takes `bytes` and calls `emit` for every line that ended. A progress bar that returns to the
    /// start of its line makes lines, too.
    pub fn feed(&mut self, bytes: &[u8], mut emit: impl FnMut(&str)) {
        for &byte in bytes {
            if matches!(byte, b'\n' | b'\r') {
                self.end(&mut emit);
            } else if self.rest.len() < LIMIT {
                self.rest.push(byte);
            }
        }
    }

    /// Emits what has no end of line, if it says anything.
    pub fn end(&mut self, mut emit: impl FnMut(&str)) {
        let text = String::from_utf8_lossy(&self.rest);
        let plain = anstream::adapter::strip_str(&text).to_string();
        let plain: String = plain
            .chars()
            .filter(|character| !character.is_control() || *character == '\t')
            .collect();
        if !plain.trim().is_empty() {
            emit(plain.trim_end());
        }
        self.rest.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(chunks: &[&[u8]]) -> Vec<String> {
        let mut all = Vec::new();
        let mut lines = Lines::default();
        for chunk in chunks {
            lines.feed(chunk, |line| all.push(line.to_owned()));
        }
        lines.end(|line| all.push(line.to_owned()));
        all
    }

    #[test]
    fn lines_come_whole_and_without_what_moves_a_terminal() {
        assert_eq!(
            lines(&[b"on", b"e\ntwo\r\n", b"three"]),
            ["one", "two", "three"]
        );
        assert_eq!(
            lines(&[b"\x1b[32mgreen\x1b[0m\x07\n\x1b]0;title\x07x\x1b[2J"]),
            ["green", "x"]
        );
        assert_eq!(
            lines(&["grün\n\n  \n".as_bytes(), b"\xff\n"]),
            ["grün", "\u{fffd}"]
        );
        assert_eq!(lines(&[&[b'a'; 10_000]])[0].len(), LIMIT);
    }
}
