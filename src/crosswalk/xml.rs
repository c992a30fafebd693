//! How is XML written, so that whatever stands in a record cannot break it?

/// The namespace of `xsi:schemaLocation`.
pub const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Whether XML 1.0 can hold a character at all (§2.2).
pub fn is_allowed(character: char) -> bool {
    !matches!(character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Adds words. What XML cannot hold is left out.
pub fn push_text(out: &mut String, words: &str) {
    let is_plain =
        |byte: u8| (b' '..0x7f).contains(&byte) && !matches!(byte, b'&' | b'<' | b'>' | b'"');
    // All bytes are looked at, which is done many at a time; to stop at the first would be slower.
    if words
        .bytes()
        .fold(true, |plain, byte| plain & is_plain(byte))
    {
        out.push_str(words);
        return;
    }
    for character in words.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Read back as it was, also from an attribute.
            '\r' => out.push_str("&#13;"),
            _ if is_allowed(character) => out.push(character),
            _ => {}
        }
    }
}

/// Adds an element with attributes around words; attributes without a value are left out.
pub fn push_element(
    out: &mut String,
    name: &str,
    attributes: &[(&str, Option<&str>)],
    words: &str,
) {
    push_start(out, name, attributes);
    push_text(out, words);
    push_end(out, name);
}

/// Adds a start tag.
pub fn push_start(out: &mut String, name: &str, attributes: &[(&str, Option<&str>)]) {
    out.push('<');
    out.push_str(name);
    for (name, value) in attributes {
        if let Some(value) = value {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            push_text(out, value);
            out.push('"');
        }
    }
    out.push('>');
}

/// Adds an end tag.
pub fn push_end(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// A document of somebody else's writing without its XML declaration and without what XML cannot hold, so that it
/// can stand inside another.
pub fn embedded(document: &str) -> String {
    let start = document.trim_start();
    let body = match start.strip_prefix("<?xml") {
        Some(rest) => rest.split_once("?>").map_or("", |(_, body)| body),
        None => start,
    };
    body.trim().chars().filter(|one| is_allowed(*one)).collect()
}
