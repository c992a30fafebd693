//! What did a form send that holds a file (RFC 7578)? Its parts, out of a body that lies in memory.

use super::error::WebError;

/// How many parts a form may have.
const PARTS_MAX: usize = 50;
/// The longest head of a part, in bytes.
const HEAD_BYTES_MAX: usize = 8 * 1024;

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    pub name: String,
    /// What the file was called where it comes from.
    pub file: Option<String>,
    pub media_type: Option<String>,
    pub body: &'a [u8],
}

impl Part<'_> {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.body).into_owned()
    }
}

/// The boundary that a media type names.
pub fn boundary(content_type: &str) -> Option<String> {
    let mut parts = content_type.split(';');
    let is_form = parts
        .next()?
        .trim()
        .eq_ignore_ascii_case("multipart/form-data");
    let named = parts.filter_map(|part| part.trim().split_once('='));
    let mut boundary = named
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))
        .map(|(_, value)| value.trim().trim_matches('"').to_owned());
    boundary.rfind(|boundary| is_form && (1..=70).contains(&boundary.len()))
}

/// Takes a body apart.
pub fn parts<'a>(body: &'a [u8], boundary: &str) -> Result<Vec<Part<'a>>, WebError> {
    let broken = |why: &str| WebError::Body(format!("the form is broken: {why}"));
    let mark = format!("--{boundary}").into_bytes();
    let between = [b"\r\n", mark.as_slice()].concat();
    let mut rest = body
        .strip_prefix(mark.as_slice())
        .ok_or_else(|| broken("it does not begin with its boundary"))?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        if parts.len() == PARTS_MAX {
            return Err(broken("it has too many parts"));
        }
        let after = rest.strip_prefix(b"\r\n");
        let after = after.ok_or_else(|| broken("a boundary stands in a line with more"))?;
        let end = find(after, &between).ok_or_else(|| broken("a part never ends"))?;
        let part = &after[..end];
        let head = find(&part[..part.len().min(HEAD_BYTES_MAX)], b"\r\n\r\n");
        let head = head.ok_or_else(|| broken("a part has no head"))?;
        parts.push(read(&part[..head], &part[head + 4..]));
        rest = &after[end + between.len()..];
    }
    Ok(parts)
}

fn read<'a>(head: &[u8], body: &'a [u8]) -> Part<'a> {
    let head = String::from_utf8_lossy(head);
    let mut part = Part {
        name: String::new(),
        file: None,
        media_type: None,
        body,
    };
    for line in head.split("\r\n") {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.trim().eq_ignore_ascii_case("content-type") {
            part.media_type = Some(value.trim().to_owned());
        }
        if name.trim().eq_ignore_ascii_case("content-disposition") {
            part.name = quoted(value, "name").unwrap_or_default();
            part.file = quoted(value, "filename").filter(|name| !name.is_empty());
        }
    }
    part
}

/// The value of a parameter such as `name="file"`. Browsers write a quotation mark inside as `%22`.
fn quoted(header: &str, wanted: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        (name.trim() == wanted).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while from + wanted.len() <= text.len() {
        let at = from + text[from..].iter().position(|byte| *byte == first)?;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_apart_and_a_broken_one_refused() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\ndataset\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n1,2\r\n--x--\r\n";
        let found = parts(body, "x").unwrap();
        assert_eq!(found[0].text(), "dataset");
        assert_eq!(found[1].file.as_deref(), Some("a.csv"));
        assert_eq!(found[1].body, b"a,b\r\n1,2");
        for broken in [
            &b""[..],
            b"--x",
            b"--x\r\n\r\n",
            b"--x\r\na: b\r\n\r\nnever",
        ] {
            assert!(parts(broken, "x").is_err());
        }
        let named = boundary("multipart/form-data; boundary=\"x\"");
        assert_eq!(named.as_deref(), Some("x"));
        assert_eq!(boundary("text/csv; boundary=x"), None);
    }
}
