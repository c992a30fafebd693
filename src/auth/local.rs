//! Who is let in by e-mail and password? Users whom an operator made, for clients of FAIR Data Points.
//!
//! There is none until an operator makes one. Passwords are kept as Argon2id; an e-mail that is not known costs the same
//! time as a wrong password, so that nobody learns who is here.

use argon2::password_hash::SaltString;
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use super::actor::Actions;
use super::api_token::{self, Secret, TokenError, TokenWish};
use super::role::Role;
use crate::ledger::{Deed, Ledger, LedgerError, LocalUser, NewEvent, Purpose, TokenId};

/// How long signing in lasts, as at the reference FAIR Data Point.
pub const SIGN_IN_LASTS: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How long a key lasts.
pub const KEY_LASTS: SignedDuration = SignedDuration::from_hours(365 * 24);
/// The shortest password.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// The longest password: a longer one would only cost time.
pub const PASSWORD_BYTES_MAX: usize = 1024;
/// Hashes that are computed at one time; each takes 19 MiB.
const HASHES_AT_ONCE: usize = 2;

static HASHING: Semaphore = Semaphore::const_new(HASHES_AT_ONCE);

/// Why somebody is not let in, or cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    #[error("Invalid username/password supplied")]
    Refused,
    #[error(
        "a password has at least {PASSWORD_CHARS_MIN} characters and at most {PASSWORD_BYTES_MAX} bytes"
    )]
    Password,
    #[error("somebody has the e-mail address {0} already")]
    Taken(String),
    #[error("{0:?} is no e-mail address")]
    Email(String),
    #[error("a password could not be hashed: {0}")]
    Hash(String),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// A local user that somebody wants made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The UUID that they have elsewhere; a new one if not given.
    pub id: Option<String>,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: Role,
    /// IRIs of catalogues, or `*`.
    pub catalogues: Vec<String>,
    /// Without one nobody signs in until one is set.
    pub password: Option<String>,
}

/// Makes a local user.
pub async fn make(
    ledger: &Ledger,
    new: NewUser,
    by: &str,
    now: Timestamp,
) -> Result<LocalUser, LocalError> {
    let user = LocalUser {
        id: new.id.unwrap_or_else(|| uuid::Uuid::new_v4().to_string()),
        email: email(&new.email)?,
        first_name: new.first_name,
        last_name: new.last_name,
        role: new.role.to_string(),
        catalogues: new.catalogues,
        created_at: now,
    };
    let hash = match new.password {
        Some(password) => Some(hash(password).await?),
        None => None,
    };
    if !ledger.put_local_user(&user, by, now).await? {
        return Err(LocalError::Taken(user.email));
    }
    if let Some(hash) = hash {
        ledger.set_local_password(&user.id, &hash, by, now).await?;
    }
    Ok(user)
}

/// Sets the password of a user and ends what was signed in with the old one. False when there is no such user.
pub async fn set_password(
    ledger: &Ledger,
    id: &str,
    password: String,
    by: &str,
    now: Timestamp,
) -> Result<bool, LocalError> {
    let hash = hash(password).await?;
    Ok(ledger.set_local_password(id, &hash, by, now).await?)
}

/// Lets somebody in: by the password of a local user, or by a token of ours in its place.
pub async fn enter(
    ledger: &Ledger,
    email: &str,
    password: &str,
    now: Timestamp,
) -> Result<String, LocalError> {
    if let Ok(secret) = Secret::parse(password) {
        let token = ledger.token_by_hash(&secret.hash()).await?;
        return match token {
            Some(token) if token.is_valid(now) => Ok(secret.reveal().to_owned()),
            _ => Err(LocalError::Refused),
        };
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(LocalError::Refused);
    }
    let known = ledger.local_password(email.trim()).await?;
    let (user, kept) = known.map_or((None, None), |(user, kept)| (Some(user), kept));
    let fits = verify(password.to_owned(), kept).await?;
    let user = user.filter(|_| fits).ok_or(LocalError::Refused)?;
    let (_, secret) = give(ledger, &user, Purpose::SignIn, now).await?;
    let told = NewEvent::new(
        now,
        &user.id,
        Deed::SignedIn,
        &user.id,
        serde_json::json!({ "by": "password" }),
    );
    ledger.note(told).await?;
    Ok(secret.reveal().to_owned())
}

/// Makes a token for a local user, with the role and the catalogues that they have.
pub async fn give(
    ledger: &Ledger,
    user: &LocalUser,
    purpose: Purpose,
    now: Timestamp,
) -> Result<(TokenId, Secret), LocalError> {
    let lasts = match purpose {
        Purpose::SignIn => SIGN_IN_LASTS,
        Purpose::Key => KEY_LASTS,
    };
    let wish = TokenWish {
        name: user.id.clone(),
        role: Role::from_word(&user.role).unwrap_or(Role::Reader),
        catalogues: user.catalogues.clone(),
        actions: Actions::All,
        account: None,
        made_by: user.id.clone(),
        expires_at: Some(now + lasts),
    };
    let (id, secret) = api_token::issue(ledger, wish, now).await?;
    ledger.give_local_token(&user.id, &id, purpose, now).await?;
    Ok((id, secret))
}

/// An e-mail address in the form in which it is kept.
pub fn email(text: &str) -> Result<String, LocalError> {
    const EMAIL_BYTES_MAX: usize = 254;
    let email = text.trim().to_lowercase();
    let parts = email.split_once('@');
    let fits = parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
    if fits && email.len() <= EMAIL_BYTES_MAX && !email.contains(char::is_whitespace) {
        Ok(email)
    } else {
        Err(LocalError::Email(text.to_owned()))
    }
}

async fn hash(password: String) -> Result<String, LocalError> {
    let short = password.chars().count() < PASSWORD_CHARS_MIN;
    if short || password.len() > PASSWORD_BYTES_MAX {
        return Err(LocalError::Password);
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(TokenError::NoRandomness)?;
    let work = move || {
        let salt = SaltString::encode_b64(&salt).map_err(|error| error.to_string())?;
        let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string())
            .map_err(|error| error.to_string())
    };
    slowly(work).await?.map_err(LocalError::Hash)
}

/// Whether a password has a hash. Without a hash the same work is done for nothing.
async fn verify(password: String, kept: Option<String>) -> Result<bool, LocalError> {
    /// That of no password anybody knows.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let work = move || {
        let is_known = kept.is_some();
        let text = kept.unwrap_or_else(|| NOBODY.to_owned());
        let hash = PasswordHash::new(&text).map_err(|error| error.to_string())?;
        let fits = Argon2::default().verify_password(password.as_bytes(), &hash);
        Ok(fits.is_ok() && is_known)
    };
    slowly(work).await?.map_err(LocalError::Hash)
}

/// Does slow work on a thread of its own, a little at one time.
async fn slowly<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, LocalError> {
    let gave_up = |error: String| LocalError::Hash(error);
    let place = HASHING.acquire().await;
    let _place = place.map_err(|error| gave_up(error.to_string()))?;
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| gave_up(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Actor, Catalogues, SignIn};
    use crate::ledger::Verdict;
    use crate::outbound::{self, Outbound};

    const PASSWORD: &str = "correct horse battery";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn ada(password: Option<&str>) -> NewUser {
        NewUser {
            id: None,
            email: " Ada@Example.org".into(),
            first_name: "Ada".into(),
            last_name: "Lovelace".into(),
            role: Role::Provider,
            catalogues: vec!["https://a.example/catalog/c".into()],
            password: password.map(str::to_owned),
        }
    }

    /// Who holds a token; nobody when it opens nothing.
    async fn holder(ledger: &Ledger, token: &str, now: Timestamp) -> Option<Actor> {
        let outbound = Outbound::new(outbound::Settings::default());
        let settings = crate::auth::sign_in::Settings::default();
        let sign_in = SignIn::new(settings, "https://a.example", &outbound).unwrap();
        api_token::actor(ledger, &sign_in, token, now).await.ok()
    }

    #[tokio::test]
    async fn a_local_user_enters_with_their_password_and_with_nothing_else() {
        let ledger = Ledger::in_memory().await.unwrap();
        let user = make(&ledger, ada(Some(PASSWORD)), "x", at(1))
            .await
            .unwrap();
        let token = enter(&ledger, "ADA@example.org", PASSWORD, at(2))
            .await
            .unwrap();
        let actor = holder(&ledger, &token, at(3)).await.unwrap();
        assert_eq!(
            (actor.name(), actor.role()),
            (user.id.as_str(), Some(Role::Provider))
        );
        for (email, password) in [
            ("ada@example.org", "correct horse battery "),
            ("grace@example.org", PASSWORD),
            ("ada@example.org", ""),
            ("ada@example.org", "ves_nothing"),
        ] {
            let refused = enter(&ledger, email, password, at(2)).await;
            assert!(
                matches!(refused, Err(LocalError::Refused)),
                "{email} {password}"
            );
        }
        let again = make(&ledger, ada(None), "x", at(4)).await;
        assert!(matches!(again, Err(LocalError::Taken(_))));
        let same = enter(&ledger, "whoever", &token, at(5)).await.unwrap();
        assert_eq!(same, token, "a token may stand for the password");
    }

    #[tokio::test]
    async fn without_a_password_nobody_enters_and_a_new_one_ends_the_old() {
        let ledger = Ledger::in_memory().await.unwrap();
        let user = make(&ledger, ada(None), "x", at(1)).await.unwrap();
        assert!(enter(&ledger, &user.email, PASSWORD, at(2)).await.is_err());
        let short = set_password(&ledger, &user.id, "short".into(), "x", at(2)).await;
        assert!(matches!(short, Err(LocalError::Password)));
        assert!(
            set_password(&ledger, &user.id, PASSWORD.into(), "x", at(2))
                .await
                .unwrap()
        );
        let token = enter(&ledger, &user.email, PASSWORD, at(3)).await.unwrap();
        set_password(
            &ledger,
            &user.id,
            "another long password".into(),
            "x",
            at(4),
        )
        .await
        .unwrap();
        assert!(holder(&ledger, &token, at(5)).await.is_none());
        assert!(enter(&ledger, &user.email, PASSWORD, at(5)).await.is_err());
    }

    #[tokio::test]
    async fn tokens_follow_the_user_and_end_with_them() {
        let ledger = Ledger::in_memory().await.unwrap();
        let mut user = make(&ledger, ada(Some(PASSWORD)), "x", at(1))
            .await
            .unwrap();
        let (id, key) = give(&ledger, &user, Purpose::Key, at(2)).await.unwrap();
        assert_eq!(
            ledger.local_user_of(&id).await.unwrap().as_ref(),
            Some(&user)
        );
        assert_eq!(ledger.local_keys(&user.id, at(3)).await.unwrap(), [id]);
        user.catalogues.clear();
        user.role = "reader".into();
        assert!(ledger.put_local_user(&user, "x", at(4)).await.unwrap());
        let actor = holder(&ledger, key.reveal(), at(4)).await.unwrap();
        assert_eq!(actor.role(), Some(Role::Reader));
        assert_eq!(actor.catalogues(), Some(&Catalogues::Named(Vec::new())));
        assert!(
            ledger
                .forget_local_user(&user.id, "x", at(5))
                .await
                .unwrap()
        );
        assert!(holder(&ledger, key.reveal(), at(6)).await.is_none());
        let verdict = ledger.verify_audit(None).await.unwrap();
        assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
    }
}
