//! Which files does the browser fetch besides the page, and under which names?

use std::collections::HashMap;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");
static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::new);

/// A file of `static/`, compiled into the binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// The content.
    pub bytes: &'static [u8],
    /// The media type, with its charset.
    pub media_type: &'static str,
    /// A strong validator, quotes included.
    pub etag: &'static str,
    /// Whether the name asked for carries the digest, so that the answer may be cached for ever.
    pub immutable: bool,
}

/// The asset of that name, with or without its digest (`style.css`, `style.1f2e3d4c5b6a7988.css`).
pub fn get(name: &str) -> Option<Asset> {
    let entry = |plain: &str| ASSETS.by_name.get(plain);
    if let Some(known) = entry(name) {
        return Some(known.asset);
    }
    let known = entry(ASSETS.plain_names.get(name)?)?;
    Some(Asset {
        immutable: true,
        ..known.asset
    })
}

/// The name that changes with the content: `style.1f2e3d4c5b6a7988.css`.
pub(super) fn stamped_name(name: &str) -> &str {
    ASSETS
        .by_name
        .get(name)
        .map_or(name, |known| known.stamped_name)
}

/// The plain names of all assets.
#[cfg(test)]
pub(super) fn names() -> Vec<&'static str> {
    ASSETS.by_name.keys().copied().collect()
}

struct Assets {
    by_name: HashMap<&'static str, Known>,
    plain_names: HashMap<&'static str, &'static str>,
}

struct Known {
    asset: Asset,
    stamped_name: &'static str,
}

impl Assets {
    fn new() -> Self {
        let mut by_name = HashMap::new();
        let mut plain_names = HashMap::new();
        for file in FOLDER.files() {
            let Some(name) = file.path().to_str() else {
                continue;
            };
            let digest = hex::encode(&Sha256::digest(file.contents())[..8]);
            // A handful of names, made once and needed as long as the process lives.
            let stamped_name: &'static str = stamp(name, &digest).leak();
            let etag: &'static str = format!("\"{digest}\"").leak();
            let asset = Asset {
                bytes: file.contents(),
                media_type: media_type(name),
                etag,
                immutable: false,
            };
            plain_names.insert(stamped_name, name);
            by_name.insert(
                name,
                Known {
                    asset,
                    stamped_name,
                },
            );
        }
        Self {
            by_name,
            plain_names,
        }
    }
}

fn stamp(name: &str, digest: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{digest}.{extension}"),
        None => format!("{name}.{digest}"),
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamped_name_answers_the_same_bytes_and_may_be_kept_for_ever() {
        let plain = get("style.css").unwrap();
        let stamped = get(stamped_name("style.css")).unwrap();
        assert_eq!(plain.bytes, stamped.bytes);
        assert_eq!(plain.etag, stamped.etag);
        assert!(stamped.immutable && !plain.immutable);
        assert_eq!(plain.media_type, "text/css; charset=utf-8");
    }

    #[test]
    fn an_old_digest_or_a_path_outside_is_unknown() {
        assert_eq!(get("style.0000000000000000.css"), None);
        assert_eq!(get("../Cargo.toml"), None);
        assert_eq!(get(""), None);
    }

    #[test]
    fn no_asset_asks_a_third_party_for_anything() {
        for name in names() {
            let text = String::from_utf8(get(name).unwrap().bytes.to_vec()).unwrap();
            let without_namespace = text
                .replace("http://www.w3.org/2000/svg", "")
                .replace("http://rdfs.org/ns/void#", "");
            assert!(
                !without_namespace.contains("://") && !text.contains("@import"),
                "{name} reaches outside"
            );
        }
    }
}
