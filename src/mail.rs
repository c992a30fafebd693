//! How does a letter leave? By the operator's mail server, in plain text, one at a time.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{SmtpTransport, Transport as _};
use serde::Deserialize;

/// How long one letter may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What an operator says about mail. Without a host no mail is sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The mail server.
    pub host: Option<String>,
    /// Its port; by default the one that belongs to `tls`.
    pub port: Option<u16>,
    pub tls: Encryption,
    pub user: Option<String>,
    /// By the environment; `password_file` is the other way.
    pub password: Option<Password>,
    /// A file with the password and nothing else.
    pub password_file: Option<PathBuf>,
    /// A file (PEM) with the authority that vouches for the mail server, when it is none of those of the web.
    pub certificates: Option<PathBuf>,
    /// The sender: `Atlas <atlas@example.org>`.
    pub from: String,
    /// Letters that are sent in a minute, to everybody together.
    pub per_minute: u32,
    /// How long somebody who got a letter at once gets no other, in seconds; what happens meanwhile comes together.
    pub pause_seconds: u32,
    /// The hour of the day (UTC) from which daily letters are sent.
    pub digest_hour: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            tls: Encryption::default(),
            user: None,
            password: None,
            password_file: None,
            certificates: None,
            from: String::new(),
            per_minute: 60,
            pause_seconds: 300,
            digest_hour: 6,
        }
    }
}

/// How the way to the mail server is kept secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// By STARTTLS, which the server must offer (port 587).
    #[default]
    Starttls,
    /// From the first byte (port 465).
    Tls,
    /// Not at all: for a server on this machine (port 25).
    None,
}

/// A secret of the settings. It prints as dots.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The left part of its name: a letter that is sent again has the same.
    pub name: String,
    /// Where its reader ends such letters with one request (RFC 8058).
    pub unsubscribe: String,
    pub at: Timestamp,
}

/// Why no letter was sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the settings of mail: {0}")]
    Settings(String),
    #[error("a letter cannot be written to this address")]
    Address(#[source] lettre::address::AddressError),
    #[error("the letter cannot be written")]
    Letter(#[source] lettre::error::Error),
    #[error("the mail server refuses the letter")]
    Refused(#[source] lettre::transport::smtp::Error),
    #[error("the mail server cannot take the letter now")]
    Later(#[source] lettre::transport::smtp::Error),
}

impl MailError {
    /// Whether the same letter may go through later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Later(_) => true,
            Self::Settings(_) | Self::Address(_) | Self::Letter(_) | Self::Refused(_) => false,
        }
    }
}

/// The way to the mail server. Cheap to clone.
#[derive(Clone)]
pub struct Mail {
    transport: SmtpTransport,
    from: Mailbox,
    /// The right part of the names of letters.
    domain: String,
}

impl Mail {
    /// The way that the settings describe; `None` when they name no host.
    pub fn new(settings: &Settings) -> Result<Option<Self>, MailError> {
        let Some(host) = &settings.host else {
            return Ok(None);
        };
        let wrong = |what: &str, why: &dyn fmt::Display| {
            MailError::Settings(format!("{what} cannot be used: {why}"))
        };
        let from = settings
            .from
            .parse::<Mailbox>()
            .map_err(|why| wrong("from", &why))?;
        let parameters = || {
            let mut builder = TlsParameters::builder(host.clone());
            if let Some(file) = &settings.certificates {
                let read = std::fs::read(file).map_err(|why| wrong("certificates", &why))?;
                let known = Certificate::from_pem(&read);
                let known = known.map_err(|why| wrong("certificates", &why))?;
                builder = builder.add_root_certificate(known);
            }
            builder.build().map_err(|why| wrong("host", &why))
        };
        let (tls, port) = match settings.tls {
            Encryption::Starttls => (Tls::Required(parameters()?), 587),
            Encryption::Tls => (Tls::Wrapper(parameters()?), 465),
            Encryption::None => (Tls::None, 25),
        };
        let domain = from.email.domain().to_owned();
        let mut builder = SmtpTransport::builder_dangerous(host)
            .tls(tls)
            .port(settings.port.unwrap_or(port))
            .hello_name(ClientId::Domain(domain.clone()))
            .timeout(Some(TIMEOUT));
        if let Some(user) = &settings.user {
            let password = password(settings)?;
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Some(Self {
            transport: builder.build(),
            from,
            domain,
        }))
    }

    /// Sends a letter. Blocks: call it where blocking is allowed.
    pub fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let to = letter.to.parse::<lettre::Address>();
        let to = to.map_err(MailError::Address)?;
        let since_epoch = u64::try_from(letter.at.as_second()).unwrap_or_default();
        let since_epoch = Duration::from_secs(since_epoch);
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&letter.subject))
            .date(UNIX_EPOCH + since_epoch)
            .message_id(Some(format!("<{}@{}>", letter.name, self.domain)))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(MailError::Letter)?;
        let more = [
            (
                HeaderName::new_from_ascii_str("List-Unsubscribe"),
                format!("<{}>", one_line(&letter.unsubscribe)),
            ),
            (
                HeaderName::new_from_ascii_str("List-Unsubscribe-Post"),
                "List-Unsubscribe=One-Click".to_owned(),
            ),
            // Machines that are away answer no machine (RFC 3834).
            (
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ),
        ];
        for (name, value) in more {
            message
                .headers_mut()
                .insert_raw(HeaderValue::new(name, value));
        }
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Refused(error)),
            Err(error) => Err(MailError::Later(error)),
        }
    }
}

fn password(settings: &Settings) -> Result<String, MailError> {
    let wrong = |why: String| Err(MailError::Settings(why));
    match (&settings.password, &settings.password_file) {
        (Some(_), Some(_)) => {
            wrong("there is a password and a password_file; leave one out".to_owned())
        }
        (Some(password), None) => Ok(password.0.clone()),
        (None, Some(file)) => match std::fs::read_to_string(file) {
            Ok(password) => Ok(password.trim().to_owned()),
            Err(error) => wrong(format!("{} cannot be read: {error}", file.display())),
        },
        (None, None) => wrong("there is a user and no password".to_owned()),
    }
}

/// A header is one line, whatever stood in a title.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn without_a_host_there_is_no_mail() {
        assert!(Mail::new(&Settings::default()).unwrap().is_none());
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let wrong = |text: &str| match Mail::new(&settings(text)) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("{text} was taken"),
        };
        assert!(wrong("host = 'mx.example'\nfrom = 'nobody'").contains("from"));
        let twice = "host = 'mx.example'\nfrom = 'a@example.org'\nuser = 'a'\npassword = 'x'\npassword_file = '/x'";
        assert!(wrong(twice).contains("password_file"));
    }

    #[test]
    fn a_password_of_the_settings_is_never_printed() {
        let settings = settings("host = 'mx.example'\npassword = 'hush'");
        assert!(!format!("{settings:?}").contains("hush"));
    }

    #[test]
    fn a_title_adds_no_header() {
        assert_eq!(
            one_line("Kidney\r\nBcc: all@example.org"),
            "Kidney Bcc: all@example.org"
        );
    }
}
