//! What is a record called, and where does it live? IRIs, paths and slugs.

use std::fmt;

use sha2::{Digest, Sha256};

use super::kind::Kind;
use crate::rdf::NamedNode;

/// The longest slug a client may choose, in bytes.
pub const SLUG_BYTES_MAX: usize = 128;

/// The address under which everything of this server lives, without a slash at its end. It is
/// also the IRI of the root record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(String);

/// Why an address cannot be the base.
#[derive(Debug, thiserror::Error)]
#[error("the base must be an http or https address without query or fragment, not {0:?}")]
pub struct BaseError(String);

impl Base {
    pub fn new(text: &str) -> Result<Self, BaseError> {
        let error = || BaseError(text.to_owned());
        let url = url::Url::parse(text).map_err(|_| error())?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.has_host();
        if !plain || !matches!(url.scheme(), "http" | "https") {
            return Err(error());
        }
        NamedNode::new(text).map_err(|_| error())?;
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands between the host and the first path of ours: empty, or `/atlas`.
    pub fn path_prefix(&self) -> &str {
        let after_scheme = self.0.find("://").map_or(0, |at| at + 3);
        self.0[after_scheme..]
            .find('/')
            .map_or("", |at| &self.0[after_scheme + at..])
    }

    /// The IRI of one of our paths. The path starts with a slash, or is empty for the root.
    pub fn iri(&self, path: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{}{path}", self.0))
    }

    /// The path of an IRI of ours; `None` for the IRIs of others.
    pub fn path<'a>(&self, iri: &'a str) -> Option<&'a str> {
        let rest = iri.strip_prefix(self.0.as_str())?;
        match rest {
            "" | "/" => Some(""),
            _ if rest.starts_with('/') => Some(rest),
            _ => None,
        }
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The last segment of a record's path: letters, digits, `-` and `_`. No dot, so that an extension
/// after it always names a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slug(String);

impl Slug {
    /// Takes a slug exactly as given, or not at all.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty() && text.len() <= SLUG_BYTES_MAX;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        (fits && text.chars().all(allowed)).then(|| Self(text.to_owned()))
    }

    /// Makes the nearest slug of a text (RFC 5023 §9.7 lets a server do so): other characters
    /// become a dash.
    pub fn near(text: &str) -> Option<Self> {
        let dashed: String = text
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '_' {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        let joined: Vec<&str> = dashed.split('-').filter(|part| !part.is_empty()).collect();
        let mut slug = joined.join("-");
        slug.truncate(SLUG_BYTES_MAX);
        Self::parse(&slug)
    }

    /// A new, random one: a UUID, version 4.
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }

    /// The slug under which a record with the IRI of somebody else is shown here: its last
    /// segment, and enough of a digest to tell it from others.
    pub fn of_foreign(iri: &str) -> Self {
        let digest = hex::encode(&Sha256::digest(iri.as_bytes())[..5]);
        let last = iri
            .trim_end_matches(['/', '#'])
            .rsplit(['/', '#', ':'])
            .next();
        let near = last.and_then(Self::near).filter(|slug| slug.0.len() <= 64);
        near.map_or_else(
            || Self(digest.clone()),
            |near| Self(format!("{}-{digest}", near.0)),
        )
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The path of a record of a kind.
pub fn path_of(kind: &Kind, slug: &Slug) -> String {
    if kind.is_root() {
        String::new()
    } else {
        format!("/{}/{}", kind.prefix, slug.as_str())
    }
}

/// The prefix and the slug of a path, when it has the form of a record's path.
pub fn split_path(path: &str) -> Option<(&str, Slug)> {
    let (prefix, slug) = path.strip_prefix('/')?.split_once('/')?;
    Some((prefix, Slug::parse(slug)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_iris_lead_to_each_other() {
        let base = Base::new("https://atlas.example.org/fdp/").unwrap();
        assert_eq!(base.as_str(), "https://atlas.example.org/fdp");
        assert_eq!(base.path_prefix(), "/fdp");
        assert_eq!(
            base.path("https://atlas.example.org/fdp/dataset/a"),
            Some("/dataset/a")
        );
        assert_eq!(base.path("https://atlas.example.org/fdp"), Some(""));
        assert_eq!(base.path("https://atlas.example.org/fdpx"), None);
        assert_eq!(
            base.iri("/dataset/a").as_str(),
            "https://atlas.example.org/fdp/dataset/a"
        );
    }

    #[test]
    fn a_slug_has_no_dot_and_no_slash() {
        assert_eq!(Slug::parse("lung-ct_1").unwrap().as_str(), "lung-ct_1");
        assert_eq!(Slug::parse("lung.ct"), None);
        assert_eq!(
            Slug::near("Lung CT / 2021").unwrap().as_str(),
            "Lung-CT-2021"
        );
        assert_eq!(Slug::near("///"), None);
        assert!(
            Slug::of_foreign("https://elsewhere.example/data/x.ttl")
                .as_str()
                .starts_with("x-ttl-")
        );
    }
}
