//! Which settings hold? Each part's own, from one TOML file and the environment. The only reader of
//! the environment.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::catalogue::{Base, persistent};
use crate::{auth, doi, feeds, ledger, mail, notify, outbound, search, store, telemetry, web};

/// Variables that start like ours and mean something else.
const FOREIGN: [&str; 2] = ["VESALIUS_CONFIG", "VESALIUS_SUITES"];
const PREFIX: &str = "VESALIUS_";

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens. Loopback unless said otherwise.
    pub listen: SocketAddr,
    /// The address that IRIs are made from; by default `http://` and where the server listens.
    pub base: Option<String>,
    /// The folder that holds everything.
    pub data: PathBuf,
    pub log: telemetry::Settings,
    /// Whether a change must say which version it was made from (428 when it does not).
    pub precondition_required: bool,
    /// A folder of vocabularies that stand over the bundled ones.
    pub ontology: Option<PathBuf>,
    /// A folder of further profiles.
    pub shapes: Option<PathBuf>,
    pub web: web::Settings,
    pub ledger: ledger::Settings,
    pub store: store::Settings,
    pub search: search::Settings,
    pub feeds: feeds::Settings,
    /// The way out.
    pub outbound: outbound::Settings,
    /// Identity providers, and what their claims give.
    pub sign_in: auth::sign_in::Settings,
    /// The mail server that letters leave by.
    pub mail: mail::Settings,
    /// Notifications and webhooks.
    pub notify: notify::Settings,
    /// DOIs that are registered for records.
    pub doi: doi::Settings,
    /// Names of records that are kept for good without a registry.
    pub persistent: persistent::Settings,
    /// What clients and indexes of FAIR Data Points are told.
    pub fair_data_point: web::fair_data_point::Settings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            base: None,
            data: PathBuf::from("./data"),
            log: telemetry::Settings::default(),
            precondition_required: false,
            ontology: None,
            shapes: None,
            web: web::Settings::default(),
            ledger: ledger::Settings::default(),
            store: store::Settings::default(),
            search: search::Settings::default(),
            feeds: feeds::Settings::default(),
            outbound: outbound::Settings::default(),
            sign_in: auth::sign_in::Settings::default(),
            mail: mail::Settings::default(),
            notify: notify::Settings::default(),
            doi: doi::Settings::default(),
            persistent: persistent::Settings::default(),
            fair_data_point: web::fair_data_point::Settings::default(),
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the settings file {path} cannot be read")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("the settings file {path} is not well-formed")]
    Syntax {
        path: PathBuf,
        source: toml::de::Error,
    },
    #[error("the settings of {origin} cannot be used")]
    Value {
        origin: String,
        source: toml::de::Error,
    },
    #[error("{0} does not name a setting")]
    Variable(String),
    #[error(transparent)]
    Base(#[from] crate::catalogue::identifier::BaseError),
}

impl Config {
    /// Reads the file (`--config`, else `VESALIUS_CONFIG`, else none) and puts the environment over
    /// it: `VESALIUS_LISTEN` is `listen`, `VESALIUS_WEB__NAME` is `name` of `[web]`.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let named = std::env::var_os("VESALIUS_CONFIG").map(PathBuf::from);
        let file = file.map(Path::to_owned).or(named);
        let variables = std::env::vars()
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        Self::gather(file.as_deref(), &variables)
    }

    /// [`Config::load`] with the variables given.
    pub fn gather(
        file: Option<&Path>,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let mut table = match file {
            None => toml::Table::new(),
            Some(path) => {
                let path = path.to_owned();
                let text = std::fs::read_to_string(&path).map_err(|source| ConfigError::Read {
                    path: path.clone(),
                    source,
                })?;
                text.parse()
                    .map_err(|source| ConfigError::Syntax { path, source })?
            }
        };
        for (name, value) in variables {
            if !FOREIGN.contains(&name.as_str()) {
                set(&mut table, name, value)?;
            }
        }
        let origin = file.map_or_else(
            || "the environment".to_owned(),
            |path| format!("{} and the environment", path.display()),
        );
        toml::Value::Table(table)
            .try_into()
            .map_err(|source| ConfigError::Value { origin, source })
    }

    /// The address that IRIs are made from.
    pub fn base(&self) -> Result<Base, ConfigError> {
        let listened = || format!("http://{}", self.listen);
        Ok(Base::new(&self.base.clone().unwrap_or_else(listened))?)
    }
}

/// Sets the value that a variable names. What reads as a number or a truth value is one.
fn set(table: &mut toml::Table, name: &str, text: &str) -> Result<(), ConfigError> {
    let path = name[PREFIX.len()..].to_ascii_lowercase();
    let mut steps: Vec<&str> = path.split("__").collect();
    let unknown = || ConfigError::Variable(name.to_owned());
    let last = steps
        .pop()
        .filter(|last| !last.is_empty())
        .ok_or_else(unknown)?;
    let mut at = table;
    for step in steps {
        let inner = at.entry(step).or_insert_with(|| toml::Table::new().into());
        at = inner.as_table_mut().ok_or_else(unknown)?;
    }
    let value = text
        .parse::<i64>()
        .map(toml::Value::from)
        .or_else(|_| text.parse::<bool>().map(toml::Value::from))
        .unwrap_or_else(|_| toml::Value::from(text));
    at.insert(last.to_owned(), value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Config::gather(None, &pairs.iter().map(own).collect())
    }

    #[test]
    fn nothing_configured_is_loopback_and_a_folder_beside() {
        let config = gather(&[]).unwrap();
        assert!(config.listen.ip().is_loopback());
        assert_eq!(config.data, PathBuf::from("./data"));
        assert_eq!(config.base().unwrap().as_str(), "http://127.0.0.1:8080");
    }

    #[test]
    fn the_environment_reaches_every_part() {
        let config = gather(&[
            ("VESALIUS_LISTEN", "127.0.0.1:9090"),
            ("VESALIUS_WEB__QUERY_SECONDS", "5"),
            ("VESALIUS_PRECONDITION_REQUIRED", "true"),
        ])
        .unwrap();
        assert_eq!(config.listen.port(), 9090);
        assert_eq!(config.web.query_seconds, 5);
        assert!(config.precondition_required);
    }

    #[test]
    fn an_unknown_setting_is_an_error_that_names_it() {
        let error = format!("{:?}", gather(&[("VESALIUS_LISTNE", "x")]).unwrap_err());
        assert!(error.contains("listne"), "{error}");
    }
}
