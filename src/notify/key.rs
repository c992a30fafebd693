//! Which secrets are drawn from the operator's one key, so that none of them is kept anywhere?

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The fewest bytes that a key file of the operator's has.
const KEY_BYTES_MIN: usize = 32;
/// The file in the data folder when the operator names none.
const FILE: &str = "notify.key";

/// The key. It prints as dots.
#[derive(Clone)]
pub struct Key(Vec<u8>);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {path} cannot be used")]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the key file {path} holds {found} bytes; {KEY_BYTES_MIN} random ones are needed")]
    Short { path: PathBuf, found: usize },
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
}

impl Key {
    /// Reads the operator's file, or the one in the data folder, which is made where there is none.
    pub fn open(file: Option<&Path>, data: &Path) -> Result<Self, KeyError> {
        let own = data.join(FILE);
        let path = file.unwrap_or(&own);
        let failed = |source| KeyError::File {
            path: path.to_owned(),
            source,
        };
        if file.is_none() && !own.exists() {
            let mut bytes = [0; KEY_BYTES_MIN];
            getrandom::fill(&mut bytes).map_err(KeyError::NoRandomness)?;
            write_private(&own, hex::encode(bytes).as_bytes()).map_err(failed)?;
        }
        let mut bytes = fs::read(path).map_err(failed)?;
        bytes.truncate(bytes.trim_ascii_end().len());
        if bytes.len() < KEY_BYTES_MIN {
            return Err(KeyError::Short {
                path: path.to_owned(),
                found: bytes.len(),
            });
        }
        Ok(Self(bytes))
    }

    /// The secret of a webhook in one of its generations.
    pub fn webhook(&self, id: &str, generation: u64) -> WebhookSecret {
        WebhookSecret(self.draw("webhook", &[id, &generation.to_string()]))
    }

    /// What proves that a link in a letter to an account was written by us.
    pub fn mark(&self, purpose: &str, account: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.draw(purpose, &[account]))
    }

    /// Whether a mark is ours; the time that it takes does not tell where it differs.
    pub fn has_marked(&self, purpose: &str, account: &str, mark: &str) -> bool {
        let Ok(mark) = URL_SAFE_NO_PAD.decode(mark) else {
            return false;
        };
        self.mac(purpose, &[account]).verify_slice(&mark).is_ok()
    }

    fn draw(&self, purpose: &str, parts: &[&str]) -> [u8; 32] {
        self.mac(purpose, parts).finalize().into_bytes().into()
    }

    fn mac(&self, purpose: &str, parts: &[&str]) -> Hmac<Sha256> {
        let mut mac = keyed(&self.0);
        mac.update(b"vesalius notify:");
        mac.update(purpose.as_bytes());
        for part in parts {
            // No part can pretend to be the next.
            mac.update(&[0]);
            mac.update(part.as_bytes());
        }
        mac
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// What a webhook signs with. It prints as dots; [`WebhookSecret::reveal`] shows it once.
#[derive(Clone)]
pub struct WebhookSecret([u8; 32]);

impl WebhookSecret {
    /// The secret as receivers take it.
    pub fn reveal(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// The signature of a message, as it stands in `webhook-signature` (Standard Webhooks, «Signature scheme»).
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let mut mac = keyed(&self.0);
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("whsec_…")
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// Writes a file that only we read.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_signed_as_it_says() {
        // The test vector of the Standard Webhooks libraries.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let mut mac = keyed(&secret);
        mac.update(b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}");
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(signature, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn the_key_stays_and_every_use_has_a_secret_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::open(None, folder.path()).unwrap();
        let again = Key::open(None, folder.path()).unwrap();
        assert_eq!(key.webhook("a", 1).reveal(), again.webhook("a", 1).reveal());
        assert_ne!(key.webhook("a", 1).reveal(), key.webhook("a", 2).reveal());
        assert_ne!(key.webhook("a", 11).reveal(), key.webhook("a1", 1).reveal());
        assert!(again.has_marked("mail", "ada", &key.mark("mail", "ada")));
        assert!(!again.has_marked("mail", "eve", &key.mark("mail", "ada")));
        assert!(!again.has_marked("other", "ada", &key.mark("mail", "ada")));
        assert_eq!(format!("{key:?} {:?}", key.webhook("a", 1)), "… whsec_…");
    }

    #[test]
    fn a_short_key_of_the_operator_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        fs::write(&file, "too short\n").unwrap();
        let error = Key::open(Some(&file), folder.path()).unwrap_err();
        assert!(error.to_string().contains("9 bytes"), "{error}");
    }
}
