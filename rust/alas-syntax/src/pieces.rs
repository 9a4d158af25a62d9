//! Long texts, a piece at a time.

/// The pieces of a text, of so many bytes each and up to three more, so that none ends inside a character; at least one byte.
///
/// ```
/// let pieces: Vec<&str> = alas_syntax::pieces("añb", 2).collect();
/// assert_eq!(pieces, ["añ", "b"]);
/// ```
pub fn pieces(text: &str, bytes: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = (bytes.max(1)..rest.len()).find(|end| rest.is_char_boundary(*end)).unwrap_or(rest.len());
        let piece;
        (piece, rest) = rest.split_at(end);
        Some(piece)
    })
}
