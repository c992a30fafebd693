//! How is a token made, and whose is the one that was sent?
//!
//! A secret is `ves_` and 43 letters for 256 random bits. It is shown once; the ledger keeps its SHA-256.
//! A random secret of this length needs no slow hash: there is nothing to guess.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::actor::{Actions, Actor, Bearer, Catalogues, Grant};
use super::role::Role;
use super::sign_in::SignIn;
use crate::ledger::{
    AccountId, Ledger, LedgerError, NewToken, TOKENS_PER_ACCOUNT_MAX, Token, TokenHash, TokenId,
};

/// So that people and scanners of leaked secrets know what they see.
const PREFIX: &str = "ves_";

/// What opens the door. It prints as dots; [`Secret::reveal`] shows it once.
#[derive(Clone)]
pub struct Secret(String);

/// Why there is no actor for what was sent, or no token could be made.
#[derive(Debug, Error)]
pub enum TokenError {
    #[error("this is no token of ours: a token begins with «{PREFIX}»")]
    Malformed,
    #[error("this token is not known")]
    Unknown,
    #[error("this token has ended; make a new one on /account, or ask a steward")]
    Ended,
    #[error("an account has at most {TOKENS_PER_ACCOUNT_MAX} valid tokens; end one of them first")]
    TooMany,
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(getrandom::Error),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// A token that someone wants made.
#[derive(Clone, Debug)]
pub struct TokenWish {
    /// What people call it; the author of its holder's changes.
    pub name: String,
    pub role: Role,
    /// IRIs of catalogues, or `*`.
    pub catalogues: Vec<String>,
    pub actions: Actions,
    /// The account that makes it for itself.
    pub account: Option<AccountId>,
    /// Who makes it, for the audit.
    pub made_by: String,
    pub expires_at: Option<Timestamp>,
}

impl Secret {
    /// A new secret from the system's randomness.
    pub fn generate() -> Result<Self, TokenError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(TokenError::NoRandomness)?;
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// Reads what was sent.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let random = text
            .trim()
            .strip_prefix(PREFIX)
            .ok_or(TokenError::Malformed)?;
        let bytes = URL_SAFE_NO_PAD
            .decode(random)
            .map_err(|_| TokenError::Malformed)?;
        if bytes.len() != 32 {
            return Err(TokenError::Malformed);
        }
        Ok(Self(text.trim().to_owned()))
    }

    /// What the ledger keeps of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The secret itself, for the one time that it is shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ves_…")
    }
}

/// Makes a token and remembers it.
pub async fn issue(
    ledger: &Ledger,
    wish: TokenWish,
    now: Timestamp,
) -> Result<(TokenId, Secret), TokenError> {
    let secret = Secret::generate()?;
    let hash = secret.hash();
    let id = name(&hash);
    let token = NewToken {
        id: id.clone(),
        name: wish.name,
        hash,
        role: wish.role.to_string(),
        catalogues: wish.catalogues,
        account: wish.account,
        actions: wish.actions.to_list(),
        made_by: wish.made_by,
        created_at: now,
        expires_at: wish.expires_at,
    };
    if ledger.create_token(token).await? {
        Ok((id, secret))
    } else {
        Err(TokenError::TooMany)
    }
}

/// The name that a token of ours has or would have, whatever it opens.
pub fn name_of(sent: &str) -> Option<TokenId> {
    Some(name(&Secret::parse(sent).ok()?.hash()))
}

/// The name of a token is a part of its hash, so that it needs no second source of randomness.
fn name(hash: &TokenHash) -> TokenId {
    TokenId(hex::encode(&hash.0[..6]))
}

/// Who holds the token that was sent, at this time. A token that a person made gives what it was made for and what
/// that person may do now, whichever is less.
pub async fn actor(
    ledger: &Ledger,
    sign_in: &SignIn,
    sent: &str,
    now: Timestamp,
) -> Result<Actor, TokenError> {
    let token = valid(ledger, sent, now).await?;
    let wanted = Grant {
        role: Role::from_word(&token.role).ok_or(TokenError::Unknown)?,
        catalogues: Catalogues::of_list(&token.catalogues),
    };
    let grants = match &token.account {
        None => vec![wanted],
        Some(account) => {
            let standing = sign_in.standing_of(ledger, account, now).await?;
            let held = standing.grants.iter();
            held.map(|grant| grant.narrowed_to(&wanted)).collect()
        }
    };
    let author = token.account.as_ref().map(|account| account.0.clone());
    Ok(Actor::Bearer(Bearer {
        token: token.id,
        name: author.unwrap_or(token.name),
        account: token.account,
        grants,
        actions: Actions::of_list(&token.actions),
    }))
}

/// The token that was sent, if it opens anything at this time.
pub async fn valid(ledger: &Ledger, sent: &str, now: Timestamp) -> Result<Token, TokenError> {
    let hash = Secret::parse(sent)?.hash();
    let token = ledger
        .token_by_hash(&hash)
        .await?
        .ok_or(TokenError::Unknown)?;
    if !token.is_valid(now) {
        return Err(TokenError::Ended);
    }
    ledger.touch_token(&token.id, now);
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> TokenWish {
        TokenWish {
            name: "loader".into(),
            role: Role::Provider,
            catalogues: vec!["*".into()],
            actions: Actions::All,
            account: None,
            made_by: "command line".into(),
            expires_at: Some(Timestamp::from_second(100).unwrap()),
        }
    }

    #[test]
    fn a_secret_is_read_back_and_never_printed() {
        let secret = Secret::generate().unwrap();
        let same = Secret::parse(&format!(" {} ", secret.reveal())).unwrap();
        assert!(secret.hash().is(&same.hash()));
        assert!(!secret.hash().is(&Secret::generate().unwrap().hash()));
        assert_eq!(format!("{secret:?}"), "ves_…");
        for bad in ["", "ves_", "ves_short", "xyz_aaaa", "ves_!!!"] {
            assert!(matches!(Secret::parse(bad), Err(TokenError::Malformed)));
        }
    }

    #[tokio::test]
    async fn a_token_opens_until_it_expires_or_is_revoked() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let ledger = Ledger::in_memory().await.unwrap();
        let outbound = crate::outbound::Outbound::new(crate::outbound::Settings::default());
        let settings = crate::auth::sign_in::Settings::default();
        let sign_in = SignIn::new(settings, "https://atlas.example", &outbound).unwrap();
        let (id, secret) = issue(&ledger, wish(), at(1)).await.unwrap();
        let holder = actor(&ledger, &sign_in, secret.reveal(), at(99))
            .await
            .unwrap();
        assert_eq!(
            (holder.name(), holder.role()),
            ("loader", Some(Role::Provider))
        );
        ledger.write_token_use().await.unwrap();
        let tokens = ledger.tokens().await.unwrap();
        assert_eq!(tokens[0].last_used_at, Some(at(99)));
        assert!(matches!(
            actor(&ledger, &sign_in, secret.reveal(), at(100)).await,
            Err(TokenError::Ended)
        ));
        let stranger = Secret::generate().unwrap();
        assert!(matches!(
            actor(&ledger, &sign_in, stranger.reveal(), at(2)).await,
            Err(TokenError::Unknown)
        ));
        ledger.revoke_token(&id, "x", at(50)).await.unwrap();
        assert!(matches!(
            actor(&ledger, &sign_in, secret.reveal(), at(60)).await,
            Err(TokenError::Ended)
        ));
    }
}
