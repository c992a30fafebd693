//! How the server speaks about itself: log lines for people or for machines.

use std::io::{self, IsTerminal};

use serde::Deserialize;
use tracing::Subscriber;
use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// What an operator may say about logs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub format: Format,
    /// Which lines are written: `info`, or by module `warn,vesalius=debug`.
    pub filter: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: Format::Human,
            filter: "info".to_owned(),
        }
    }
}

/// For whom the lines are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One line to read, in colour on a terminal.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// Why logging could not start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error(
        "the log filter {filter:?} cannot be read; write a level (info), or modules with levels (warn,vesalius=debug)"
    )]
    Filter {
        filter: String,
        #[source]
        source: ParseError,
    },
    #[error("logging was started before")]
    Started(#[source] SetGlobalDefaultError),
}

/// Starts logging to standard error, once in the life of a process.
pub fn start(settings: &Settings) -> Result<(), TelemetryError> {
    let subscriber = subscriber(settings, io::stderr, io::stderr().is_terminal())?;
    tracing::subscriber::set_global_default(subscriber).map_err(TelemetryError::Started)
}

type Boxed = Box<dyn Subscriber + Send + Sync>;

fn subscriber<W>(settings: &Settings, writer: W, colour: bool) -> Result<Boxed, TelemetryError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter(&settings.filter)?)
        .with_writer(writer)
        .with_span_events(FmtSpan::NONE);
    Ok(match settings.format {
        Format::Human => Box::new(builder.with_ansi(colour).finish()),
        Format::Json => Box::new(builder.json().flatten_event(true).finish()),
    })
}

fn filter(text: &str) -> Result<EnvFilter, TelemetryError> {
    EnvFilter::try_new(text).map_err(|source| TelemetryError::Filter {
        filter: text.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;

    use super::*;

    #[test]
    fn a_line_for_machines_is_one_json_object() {
        let line = log(Format::Json, "info");
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["level"], "INFO");
        assert_eq!(value["message"], "record published");
        assert_eq!(value["record.iri"], "https://example.org/dataset/1");
        assert_eq!(value["span"]["name"], "request");
        assert!(value["timestamp"].is_string());
    }

    #[test]
    fn a_line_for_people_has_message_and_fields_without_colour() {
        let line = log(Format::Human, "info");
        assert!(line.contains("INFO"), "{line}");
        assert!(line.contains("record published"), "{line}");
        assert!(
            line.contains("record.iri=\"https://example.org/dataset/1\""),
            "{line}"
        );
        assert!(!line.contains('\u{1b}'), "{line}");
    }

    #[test]
    fn the_filter_decides_what_is_written() {
        assert_eq!(log(Format::Human, "error"), "");
        assert_ne!(log(Format::Human, "error,vesalius=info"), "");
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_an_error() {
        let error = filter("vesalius=loud").unwrap_err();
        assert!(error.to_string().contains("vesalius=loud"), "{error}");
    }

    #[test]
    fn settings_are_lower_case_and_complete() {
        let settings: Settings = toml::from_str("format = \"json\"").unwrap();
        assert_eq!(settings.format, Format::Json);
        assert_eq!(settings.filter, "info");
        assert!(toml::from_str::<Settings>("colour = true").is_err());
    }

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log(format: Format, filter: &str) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let settings = Settings {
            format,
            filter: filter.to_owned(),
        };
        let subscriber = subscriber(&settings, move || writer.clone(), false).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            let _span = tracing::info_span!("request").entered();
            tracing::info!(
                record.iri = "https://example.org/dataset/1",
                "record published"
            );
        });
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }
}
