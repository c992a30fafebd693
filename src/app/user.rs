//! Who is let in by e-mail and password? Local users are made, listed and removed from the command line.

use std::io::BufRead;

use anyhow::{Context, Result, ensure};

use super::token::{self, COMMAND_LINE};
use crate::auth::local::{self, NewUser};
use crate::clock::Clock;
use crate::config::Config;
use crate::ledger::LocalUser;

/// Reads a password: one line of standard input, so that it stands in no list of processes.
pub fn password() -> Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    ensure!(
        !password.is_empty(),
        "write the password on standard input, in one line"
    );
    Ok(password)
}

/// Makes a local user.
pub async fn add(config: &Config, new: NewUser) -> Result<LocalUser> {
    let ledger = token::ledger(config).await?;
    Ok(local::make(&ledger, new, COMMAND_LINE, Clock::system().now()).await?)
}

/// All local users.
pub async fn list(config: &Config) -> Result<Vec<LocalUser>> {
    Ok(token::ledger(config).await?.local_users().await?)
}

/// Sets the password of the user with an e-mail, and ends what was signed in with the old one.
pub async fn set_password(config: &Config, email: &str, password: String) -> Result<()> {
    let ledger = token::ledger(config).await?;
    let user = named(&ledger, email).await?;
    let now = Clock::system().now();
    local::set_password(&ledger, &user.id, password, COMMAND_LINE, now).await?;
    Ok(())
}

/// Forgets the user with an e-mail, and ends all their tokens.
pub async fn remove(config: &Config, email: &str) -> Result<()> {
    let ledger = token::ledger(config).await?;
    let user = named(&ledger, email).await?;
    ledger
        .forget_local_user(&user.id, COMMAND_LINE, Clock::system().now())
        .await?;
    Ok(())
}

async fn named(ledger: &crate::ledger::Ledger, email: &str) -> Result<LocalUser> {
    let found = ledger.local_password(email).await?;
    let (user, _) = found.with_context(|| format!("there is no local user {email}"))?;
    Ok(user)
}
