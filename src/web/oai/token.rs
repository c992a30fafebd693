//! Where does a list go on? A token says it all and is signed, so that nothing is kept and nothing ends.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use tokio::sync::OnceCell;

use super::form::Form;
use super::request::Verb;
use crate::catalogue::CatalogueError;
use crate::ledger::Ledger;

/// Under which name the ledger remembers the key.
const KEY: &str = "oai-token-key";
const KEY_BYTES: usize = 32;
/// As much of the signature as a token carries.
const SIGNATURE_BYTES: usize = 16;
/// The first word of a token: how the rest is read.
const VERSION: &str = "1";
const ABSENT: &str = "-";

/// The key that tokens are signed with. It is made once in the life of a ledger.
#[derive(Debug, Default)]
pub struct Key(OnceCell<[u8; KEY_BYTES]>);

impl Key {
    pub async fn get(&self, ledger: &Ledger) -> Result<[u8; KEY_BYTES], CatalogueError> {
        let found = self.0.get_or_try_init(|| async {
            let mut fresh = [0; KEY_BYTES];
            getrandom::fill(&mut fresh)
                .map_err(|error| CatalogueError::Interrupted(error.to_string()))?;
            let kept = ledger.remember_once(KEY, &hex::encode(fresh)).await?;
            let mut key = [0; KEY_BYTES];
            hex::decode_to_slice(kept.trim(), &mut key)
                .map_err(|error| CatalogueError::Interrupted(format!("{KEY}: {error}")))?;
            Ok::<_, CatalogueError>(key)
        });
        found.await.copied()
    }
}

/// What a token of a list of records says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub verb: Verb,
    pub form: Form,
    /// The last change that was told.
    pub after: u64,
    /// The last change that is told.
    pub through: u64,
    /// The last change when the list began.
    pub up_to: u64,
    pub from: Option<Timestamp>,
    pub before: Option<Timestamp>,
    /// How many records were told.
    pub told: u64,
    pub set: Option<String>,
}

impl Position {
    /// The token.
    pub fn token(&self, key: &[u8]) -> String {
        let time = |at: Option<Timestamp>| {
            at.map_or_else(|| ABSENT.to_owned(), |at| at.as_second().to_string())
        };
        let words = [
            VERSION.to_owned(),
            self.verb.name().to_owned(),
            self.form.prefix().to_owned(),
            self.after.to_string(),
            self.through.to_string(),
            self.up_to.to_string(),
            time(self.from),
            time(self.before),
            self.told.to_string(),
            self.set.clone().unwrap_or_else(|| ABSENT.to_owned()),
        ];
        signed(&words.join(" "), key)
    }

    /// Reads a token; `None` when it is none of ours for this verb.
    pub fn read(token: &str, verb: Verb, key: &[u8]) -> Option<Self> {
        let text = opened(token, key)?;
        let words: Vec<&str> = text.split(' ').collect();
        let [
            VERSION,
            name,
            form,
            after,
            through,
            up_to,
            from,
            before,
            told,
            set,
        ] = words[..]
        else {
            return None;
        };
        let time = |word: &str| match word {
            ABSENT => Some(None),
            _ => Some(Some(Timestamp::from_second(word.parse().ok()?).ok()?)),
        };
        (name == verb.name()).then_some(())?;
        Some(Self {
            verb,
            form: Form::of_prefix(form)?,
            after: after.parse().ok()?,
            through: through.parse().ok()?,
            up_to: up_to.parse().ok()?,
            from: time(from)?,
            before: time(before)?,
            told: told.parse().ok()?,
            set: (set != ABSENT).then(|| set.to_owned()),
        })
    }
}

/// The token with which the list of sets goes on after one.
pub fn after_set(name: &str, key: &[u8]) -> String {
    signed(&format!("{VERSION} ListSets {name}"), key)
}

/// The set after which the list goes on.
pub fn read_after_set(token: &str, key: &[u8]) -> Option<String> {
    let text = opened(token, key)?;
    let mut words = text.split(' ');
    let is_ours = words.next() == Some(VERSION) && words.next() == Some("ListSets");
    is_ours.then(|| words.next().map(str::to_owned))?
}

fn signed(text: &str, key: &[u8]) -> String {
    let signature = signature(text, key);
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(text),
        URL_SAFE_NO_PAD.encode(&signature[..SIGNATURE_BYTES])
    )
}

fn opened(token: &str, key: &[u8]) -> Option<String> {
    let (text, given) = token.split_once('.')?;
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let given = URL_SAFE_NO_PAD.decode(given).ok()?;
    // A token gives nothing that could not be asked for without it, so how long this takes tells nothing.
    (given == signature(&text, key)[..SIGNATURE_BYTES]).then_some(text)
}

fn signature(text: &str, key: &[u8]) -> Vec<u8> {
    let mut hash = Hmac::<Sha256>::new_from_slice(key).expect("every length of key is taken");
    hash.update(text.as_bytes());
    hash.finalize().into_bytes().to_vec()
}
