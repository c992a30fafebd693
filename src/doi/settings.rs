//! What may an operator say about DOIs?

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;
use url::{Host, Url};

/// Where `DataCite` answers, and where it lets one try.
const API: &str = "https://api.datacite.org";
const TEST_API: &str = "https://api.test.datacite.org";

/// Settings of the registration of DOIs. Without a prefix nothing is registered.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The prefix of the repository: `10.5072`.
    pub prefix: Option<String>,
    /// What stands between the prefix and the suffixes that are made: `atlas.`
    pub namespace: String,
    /// The name of the repository's account: `ABCD.ATLAS`.
    pub repository: String,
    /// By the environment; [`Settings::password_file`] is the other way.
    pub password: Option<Password>,
    /// A file with the password and nothing else.
    pub password_file: Option<PathBuf>,
    /// Whether `DataCite`'s test system is meant, whose DOIs lead nowhere.
    pub test: bool,
    /// Another address of the API.
    pub api: Option<String>,
    /// The kinds of records that get DOIs.
    pub kinds: Vec<String>,
    /// Whether what was public before DOIs were switched on gets them, too.
    pub existing: bool,
    /// How long after a failure the registry is asked again, in seconds; it doubles each time, up to an hour.
    pub retry_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prefix: None,
            namespace: String::new(),
            repository: String::new(),
            password: None,
            password_file: None,
            test: false,
            api: None,
            kinds: vec!["dataset".to_owned()],
            existing: false,
            retry_seconds: 10,
        }
    }
}

/// A password of the settings. It prints as dots.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Why DOIs cannot be registered with these settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("doi.prefix is «{0}»: a prefix looks like 10.5072")]
    Prefix(String),
    #[error("doi.namespace is «{0}»: it is made of lower-case letters, digits, dots and hyphens")]
    Namespace(String),
    #[error("doi.repository is missing: the name of the account at DataCite")]
    Repository,
    #[error("doi.api is «{0}»: it begins with https://, since the password is sent there")]
    Api(String),
    #[error("there is no password: set doi.password_file, or VESALIUS_DOI__PASSWORD")]
    NoPassword,
    #[error("there are a doi.password and a doi.password_file: leave one out")]
    TwoPasswords,
    #[error("doi.password_file {path} cannot be read")]
    PasswordFile {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

/// The account that DOIs are registered by.
pub(super) struct Account {
    pub prefix: String,
    pub api: String,
    pub name: String,
    pub password: String,
}

impl Settings {
    /// The account, when DOIs are registered at all.
    pub(super) fn account(&self) -> Result<Option<Account>, SettingsError> {
        let Some(prefix) = &self.prefix else {
            return Ok(None);
        };
        if !is_prefix(prefix) {
            return Err(SettingsError::Prefix(prefix.clone()));
        }
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
        if !self.namespace.bytes().all(is_plain) {
            return Err(SettingsError::Namespace(self.namespace.clone()));
        }
        if self.repository.is_empty() || self.repository.contains(':') {
            return Err(SettingsError::Repository);
        }
        Ok(Some(Account {
            prefix: prefix.clone(),
            api: self.address()?,
            name: self.repository.clone(),
            password: self.secret()?,
        }))
    }

    fn address(&self) -> Result<String, SettingsError> {
        let usual = if self.test { TEST_API } else { API };
        let api = self.api.as_deref().unwrap_or(usual);
        let url = Url::parse(api).map_err(|_| SettingsError::Api(api.to_owned()))?;
        if url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(&url)) {
            Ok(api.trim_end_matches('/').to_owned())
        } else {
            Err(SettingsError::Api(api.to_owned()))
        }
    }

    fn secret(&self) -> Result<String, SettingsError> {
        match (&self.password, &self.password_file) {
            (Some(_), Some(_)) => Err(SettingsError::TwoPasswords),
            (Some(password), None) => Ok(password.0.clone()),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path);
                let text = text.map_err(|source| SettingsError::PasswordFile {
                    path: path.clone(),
                    source,
                })?;
                Ok(text.trim().to_owned())
            }
            (None, None) => Err(SettingsError::NoPassword),
        }
    }
}

/// ISO 26324: the directory indicator 10, then numbers with dots between.
fn is_prefix(text: &str) -> bool {
    let registrant = text.strip_prefix("10.").unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    registrant.len() >= 4 && registrant.split('.').all(is_number)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn without_a_prefix_nothing_is_registered() {
        assert!(Settings::default().account().unwrap().is_none());
    }

    #[test]
    fn the_usual_addresses_are_those_of_datacite() {
        let text = "prefix = \"10.5072\"\nrepository = \"A.B\"\npassword = \"hush\"\n";
        let account = |more: &str| read(&format!("{text}{more}")).account().unwrap().unwrap();
        assert_eq!(account("").api, API);
        assert_eq!(account("test = true").api, TEST_API);
        assert_eq!(
            account("api = \"http://127.0.0.1:9/\"").api,
            "http://127.0.0.1:9"
        );
        assert!(!format!("{:?}", read(text)).contains("hush"));
    }

    #[test]
    fn settings_that_cannot_work_are_told() {
        for (text, word) in [
            ("prefix = \"5072\"", "prefix"),
            ("prefix = \"10.50/72\"", "prefix"),
            ("prefix = \"10.5072\"\nnamespace = \"A B\"", "namespace"),
            ("prefix = \"10.5072\"", "repository"),
            (
                "prefix = \"10.5072\"\nrepository = \"A.B\"\napi = \"http://x.example\"",
                "api",
            ),
            ("prefix = \"10.5072\"\nrepository = \"A.B\"", "password"),
            (
                "prefix = \"10.5072\"\nrepository = \"A.B\"\npassword_file = \"/none/here\"",
                "/none/here",
            ),
        ] {
            let error = read(text).account().map(|_| ()).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
