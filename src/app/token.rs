//! Who may write? Tokens are made, listed and revoked from the command line.

use anyhow::{Context, Result};

use crate::auth::api_token::{self, TokenWish};
use crate::auth::{Actions, Role};
use crate::clock::Clock;
use crate::config::Config;
use crate::ledger::{self, Ledger, Token, TokenId};

/// Tokens end after this many days unless told otherwise.
pub const DAYS: u32 = 365;

/// Who acts, in the audit, when a command does.
pub const COMMAND_LINE: &str = "command line";

pub(super) async fn ledger(config: &Config) -> Result<Ledger> {
    std::fs::create_dir_all(&config.data)?;
    let path = config.data.join("ledger.sqlite");
    let settings = ledger::Settings {
        path,
        ..config.ledger.clone()
    };
    Ledger::open(&settings)
        .await
        .context("the ledger cannot be opened")
}

/// Makes a token. The secret is shown this once and kept only as a hash.
pub async fn new(
    config: &Config,
    name: String,
    role: Role,
    catalogues: Vec<String>,
    days: u32,
) -> Result<String> {
    let now = Clock::system().now();
    let expires_at = now + jiff::SignedDuration::from_hours(24 * i64::from(days));
    let wish = TokenWish {
        name,
        role,
        catalogues,
        actions: Actions::All,
        account: None,
        made_by: COMMAND_LINE.to_owned(),
        expires_at: Some(expires_at),
    };
    let (_, secret) = api_token::issue(&ledger(config).await?, wish, now).await?;
    Ok(secret.reveal().to_owned())
}

/// All tokens, without their secrets.
pub async fn list(config: &Config) -> Result<Vec<Token>> {
    Ok(ledger(config).await?.tokens().await?)
}

/// Ends a token.
pub async fn revoke(config: &Config, id: &str) -> Result<bool> {
    let id = TokenId(id.to_owned());
    Ok(ledger(config)
        .await?
        .revoke_token(&id, COMMAND_LINE, Clock::system().now())
        .await?)
}
