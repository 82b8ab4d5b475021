//! Names and paths among words that are written from right to left.

/// A name or a path keeps its own order of characters among words from right to left (Unicode
/// Standard Annex #9, isolates).
pub fn isolated(value: &str) -> String {
    format!("\u{2068}{value}\u{2069}")
}

/// A text that begins with a value is told its direction: Pango takes the first letter's, that of an
/// isolate too.
pub fn begun(text: String) -> String {
    if text.starts_with('\u{2068}') {
        return format!("\u{200f}{text}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_its_own_direction() {
        assert_eq!(isolated("/srv/a"), "\u{2068}/srv/a\u{2069}");
        assert_eq!(begun(isolated("a")), "\u{200f}\u{2068}a\u{2069}");
        assert_eq!(begun("/srv/a".to_owned()), "/srv/a");
    }
}
