//! Do all pages keep their promises: accessible structure, nothing unescaped, nothing inline?

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use super::assets;
use super::messages::Language;
use super::samples::{HOSTILE, Samples, all};

const PLAIN: Samples = Samples {
    hostile: false,
    language: Language::En,
};

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
];

/// A tag of a page: its name, whether it closes, its attributes with their values still escaped.
#[derive(Debug, Clone)]
struct Tag {
    name: String,
    closing: bool,
    self_closing: bool,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[test]
fn every_page_is_well_formed() {
    for (page, html) in all(PLAIN) {
        let mut open: Vec<String> = Vec::new();
        for tag in tags(&html) {
            if tag.closing {
                assert_eq!(
                    open.pop().as_ref(),
                    Some(&tag.name),
                    "{page}: </{}>",
                    tag.name
                );
            } else if !tag.self_closing && !VOID.contains(&tag.name.as_str()) {
                open.push(tag.name);
            }
        }
        assert!(open.is_empty(), "{page}: never closed {open:?}");
    }
}

#[test]
fn hostile_words_change_no_tag_and_no_attribute() {
    let hostile = Samples {
        hostile: true,
        ..PLAIN
    };
    for ((page, plain), (_, attacked)) in all(PLAIN).into_iter().zip(all(hostile)) {
        assert!(
            !attacked.contains("<script>alert"),
            "{page} lets a script through"
        );
        assert!(
            !attacked.contains(HOSTILE),
            "{page} shows the words as they came"
        );
        assert_eq!(skeleton(&plain), skeleton(&attacked), "{page}");
    }
}

#[test]
fn every_language_renders_every_page() {
    for language in Language::ALL {
        let samples = Samples {
            hostile: false,
            language,
        };
        for (page, html) in all(samples) {
            let start = format!("<html lang=\"{}\">", language.code());
            assert!(html.contains(&start), "{page} in {}", language.code());
        }
    }
}

#[test]
fn identifiers_are_unique_and_references_find_them() {
    for (page, html) in all(PLAIN) {
        let tags = tags(&html);
        let mut seen = HashSet::new();
        for tag in &tags {
            if let Some(id) = tag.attribute("id") {
                assert!(seen.insert(id), "{page}: id {id} stands twice");
            }
        }
        for tag in &tags {
            for name in [
                "aria-labelledby",
                "aria-describedby",
                "for",
                "data-copy",
                "data-fill",
                "data-from",
            ] {
                for id in tag.attribute(name).unwrap_or_default().split_whitespace() {
                    assert!(seen.contains(id), "{page}: {name} points to no #{id}");
                }
            }
        }
    }
}

#[test]
fn every_control_has_a_label() {
    for (page, html) in all(PLAIN) {
        let tags = tags(&html);
        let labelled: HashSet<&str> = tags
            .iter()
            .filter(|tag| tag.name == "label")
            .filter_map(|tag| tag.attribute("for"))
            .collect();
        let mut inside_label = false;
        for tag in &tags {
            match tag.name.as_str() {
                "label" => inside_label = !tag.closing,
                "input" | "select" | "textarea"
                    if !tag.closing && tag.attribute("type") != Some("hidden") =>
                {
                    let named = tag.attribute("id").is_some_and(|id| labelled.contains(id));
                    assert!(named || inside_label, "{page}: {tag:?} has no label");
                }
                _ => (),
            }
        }
    }
}

#[test]
fn headings_start_at_one_and_skip_no_level() {
    for (page, html) in all(PLAIN) {
        let levels: Vec<u8> = tags(&html)
            .iter()
            .filter(|tag| !tag.closing)
            .filter_map(|tag| tag.name.strip_prefix('h')?.parse().ok())
            .collect();
        assert_eq!(levels.first(), Some(&1), "{page}");
        assert!(!levels[1..].contains(&1), "{page}: two first headings");
        for pair in levels.windows(2) {
            assert!(
                pair[1] <= pair[0] + 1,
                "{page}: h{} after h{}",
                pair[1],
                pair[0]
            );
        }
    }
}

#[test]
fn a_strict_content_security_policy_breaks_nothing() {
    for (page, html) in all(PLAIN) {
        for tag in tags(&html) {
            let inline = tag.name == "script"
                && !tag.closing
                && tag.attribute("src").is_none()
                && tag.attribute("type") != Some("application/ld+json");
            assert!(!inline, "{page}: inline script");
            assert_ne!(tag.name, "style", "{page}: inline style sheet");
            for (name, value) in &tag.attributes {
                assert!(
                    name != "style" && !name.starts_with("on"),
                    "{page}: {name} on {}",
                    tag.name
                );
                if name == "src"
                    || (tag.name == "link"
                        && tag.attribute("rel") == Some("stylesheet")
                        && name == "href")
                {
                    assert!(value.starts_with("/static/"), "{page} fetches {value}");
                }
            }
        }
    }
}

#[test]
fn every_table_names_its_rows_or_columns() {
    for (page, html) in all(PLAIN) {
        for tag in tags(&html)
            .iter()
            .filter(|tag| tag.name == "th" && !tag.closing)
        {
            assert!(
                tag.attribute("scope").is_some(),
                "{page}: a head without scope"
            );
        }
    }
}

#[test]
fn every_class_of_a_page_is_known_to_the_stylesheet() {
    let style = String::from_utf8(assets::get("style.css").unwrap().bytes.to_vec()).unwrap();
    let mut missing: HashMap<String, &str> = HashMap::new();
    for (page, html) in all(PLAIN) {
        for tag in tags(&html) {
            for class in tag
                .attribute("class")
                .unwrap_or_default()
                .split_whitespace()
            {
                if !style.contains(&format!(".{class}")) {
                    missing.insert(class.to_owned(), page);
                }
            }
        }
    }
    assert!(missing.is_empty(), "no style for {missing:?}");
}

#[test]
fn the_prefix_stands_before_every_address_of_the_frame() {
    let mut page = super::home::HomePage::default();
    page.site.root = "/atlas".to_owned();
    let html = askama::Template::render(&page).unwrap();
    for tag in tags(&html) {
        for name in ["href", "src", "action", "data-suggest"] {
            if let Some(value) = tag.attribute(name) {
                let inside = value.starts_with("/atlas/")
                    || value.starts_with('?')
                    || value.starts_with('#');
                assert!(inside, "{name}={value}");
            }
        }
    }
}

/// Set `VESALIUS_PAGES` to a folder to look at the samples in a browser.
#[test]
fn the_samples_can_be_looked_at() {
    let Some(folder) = std::env::var_os("VESALIUS_PAGES") else {
        return;
    };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("static")).unwrap();
    for name in assets::names() {
        let stamped = folder.join("static").join(assets::stamped_name(name));
        fs::write(stamped, assets::get(name).unwrap().bytes).unwrap();
    }
    let hostile = Samples {
        hostile: true,
        ..PLAIN
    };
    let german = Samples {
        language: Language::De,
        ..PLAIN
    };
    for (samples, prefix) in [(PLAIN, ""), (hostile, "hostile-"), (german, "de-")] {
        for (name, html) in all(samples) {
            fs::write(folder.join(format!("{prefix}{name}.html")), html).unwrap();
        }
    }
}

/// Names of tags and attributes in order: what a browser builds, without the words.
fn skeleton(html: &str) -> Vec<String> {
    let names = |tag: Tag| {
        let attributes: Vec<String> = tag.attributes.into_iter().map(|(name, _)| name).collect();
        format!(
            "{}{} {}",
            if tag.closing { "/" } else { "" },
            tag.name,
            attributes.join(" ")
        )
    };
    tags(html).into_iter().map(names).collect()
}

/// The tags of a page. Enough of HTML for what our templates write: quoted attributes, no comments.
fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with('!') {
            continue;
        }
        let (tag, after) = tag(rest);
        rest = after;
        if tag.name == "script" && !tag.closing {
            let end = rest.find("</script").expect("a script ends");
            rest = &rest[end..];
        }
        found.push(tag);
    }
    found
}

fn tag(text: &str) -> (Tag, &str) {
    let closing = text.starts_with('/');
    let text = text.trim_start_matches('/');
    let end = text
        .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .expect("a tag ends");
    let mut tag = Tag {
        name: text[..end].to_owned(),
        closing,
        self_closing: false,
        attributes: Vec::new(),
    };
    let mut rest = text[end..].trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        if let Some(after) = rest.strip_prefix("/>") {
            tag.self_closing = true;
            return (tag, after);
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .expect("an attribute ends");
        assert!(
            end > 0,
            "a stray character in <{}>: {}",
            tag.name,
            &rest[..rest.len().min(40)]
        );
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').expect("a value ends");
            value = quoted[..end].to_owned();
            rest = &quoted[end + 1..];
        }
        tag.attributes.push((name, value));
        rest = rest.trim_start();
    }
}
