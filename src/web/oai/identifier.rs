//! What is a record called among harvesters, for ever? `oai:{host}:{path}`, in the scheme of `oai-identifier`.

use crate::catalogue::Base;

/// The root has no path of its own.
const ROOT: &str = "root";

/// The names of this server's records.
#[derive(Debug, Clone)]
pub struct Names {
    host: String,
    /// What stands between the host and the first path of ours, without its first slash; ends with one if not empty.
    before: String,
}

impl Names {
    pub fn new(base: &Base) -> Self {
        let after_scheme = base.as_str().split_once("://").map_or("", |(_, rest)| rest);
        let authority = after_scheme.split('/').next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let is_v6 = host.starts_with('[');
        let host = if is_v6 {
            host.split(']')
                .next()
                .unwrap_or_default()
                .trim_start_matches('[')
        } else {
            host.split(':').next().unwrap_or_default()
        };
        let before = base.path_prefix().trim_matches('/');
        Self {
            host: host.replace(':', "-").to_ascii_lowercase(),
            before: if before.is_empty() {
                String::new()
            } else {
                format!("{before}/")
            },
        }
    }

    /// The namespace of the names.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the host can be told by the scheme `oai-identifier`, which wants a domain name.
    pub fn is_domain(&self) -> bool {
        let is_label = |label: &str| {
            label.starts_with(|c: char| c.is_ascii_alphabetic())
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        self.host.contains('.') && self.host.split('.').all(is_label)
    }

    /// The name of the record at a path.
    pub fn of_path(&self, path: &str) -> String {
        let path = path.trim_start_matches('/');
        let path = if path.is_empty() { ROOT } else { path };
        format!("oai:{}:{}{path}", self.host, self.before)
    }

    /// The path of a name of ours.
    pub fn path(&self, name: &str) -> Option<String> {
        let rest = name.strip_prefix("oai:")?.strip_prefix(&self.host)?;
        let rest = rest.strip_prefix(':')?.strip_prefix(&self.before)?;
        Some(match rest {
            ROOT => String::new(),
            _ => format!("/{rest}"),
        })
    }
}
