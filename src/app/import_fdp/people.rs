//! Who wrote there, and where? People become local users without a password, members get their catalogues.

use anyhow::Result;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::source::Source;
use super::tally::Tally;
use crate::app::App;
use crate::app::token::COMMAND_LINE;
use crate::auth::Role;
use crate::auth::local::{self, LocalError, NewUser};
use crate::catalogue::CATALOGUE_KIND;
use crate::ledger::{HeadFilter, ROWS_MAX};
use crate::rdf::NamedNode;

/// The most people that are taken over.
const PEOPLE_MAX: usize = 5_000;

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    uuid: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    email: String,
    #[serde(default)]
    role: String,
}

#[derive(Deserialize)]
struct Member {
    user: User,
    membership: Membership,
}

#[derive(Deserialize)]
struct Membership {
    #[serde(default)]
    permissions: Vec<Permission>,
}

#[derive(Deserialize)]
struct Permission {
    code: String,
}

impl Membership {
    fn writes(&self) -> bool {
        self.permissions
            .iter()
            .any(|permission| permission.code == "W")
    }
}

pub(super) async fn take(app: &App, source: &Source, tally: &mut Tally) -> Result<()> {
    let address = format!("{}/users", source.address);
    let users = tokio::task::block_in_place(|| source.client.json(&address));
    let users = users.and_then(|users| {
        serde_json::from_value::<Vec<User>>(users).map_err(|error| error.to_string())
    });
    let users = match users {
        Ok(users) => users,
        Err(why) => {
            tally.note(format!("people are not taken: {why}"));
            return Ok(());
        }
    };
    let catalogues = members(app, source, tally).await?;
    // Bearers of tokens have no address; they are no people.
    let people = users
        .into_iter()
        .filter(|user| !user.email.ends_with(".invalid"));
    for user in people.take(PEOPLE_MAX) {
        let theirs = catalogues.get(&user.uuid).cloned().unwrap_or_default();
        keep(app, user, theirs, tally).await?;
    }
    Ok(())
}

/// By person: the catalogues that they write in.
async fn members(
    app: &App,
    source: &Source,
    tally: &mut Tally,
) -> Result<FxHashMap<String, Vec<String>>> {
    let filter = HeadFilter {
        kind: Some(CATALOGUE_KIND.to_owned()),
        ..HeadFilter::default()
    };
    let heads = app.catalogue.ledger().heads(&filter, 0, ROWS_MAX).await?;
    let mut catalogues: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for head in heads {
        let iri = NamedNode::new_unchecked(head.iri.clone());
        let address = source.address_of(&iri);
        if !address.starts_with(&source.address) {
            continue;
        }
        let told =
            tokio::task::block_in_place(|| source.client.json(&format!("{address}/members")));
        let members = told.and_then(|told| {
            serde_json::from_value::<Vec<Member>>(told).map_err(|error| error.to_string())
        });
        match members {
            Ok(members) => {
                for member in members
                    .into_iter()
                    .filter(|member| member.membership.writes())
                {
                    catalogues
                        .entry(member.user.uuid)
                        .or_default()
                        .push(head.iri.clone());
                }
            }
            Err(why) => tally.note(format!("members of {iri} are not taken: {why}")),
        }
    }
    Ok(catalogues)
}

async fn keep(app: &App, user: User, catalogues: Vec<String>, tally: &mut Tally) -> Result<()> {
    let ledger = app.catalogue.ledger();
    let known = ledger.local_user(&user.uuid).await?;
    let members = catalogues.len();
    if let Some(mut known) = known {
        // What they were given here in the meantime stays.
        for catalogue in catalogues {
            if !known.catalogues.contains(&catalogue) {
                known.catalogues.push(catalogue);
            }
        }
        let now = app.catalogue.clock().now();
        ledger.put_local_user(&known, COMMAND_LINE, now).await?;
        tally.person(members);
        return Ok(());
    }
    let email = user.email.clone();
    let new = NewUser {
        id: Some(user.uuid),
        role: if user.role == "ADMIN" {
            Role::Steward
        } else {
            Role::Provider
        },
        email: user.email,
        first_name: user.first_name,
        last_name: user.last_name,
        catalogues,
        password: None,
    };
    match local::make(ledger, new, COMMAND_LINE, app.catalogue.clock().now()).await {
        Ok(_) => tally.person(members),
        Err(LocalError::Ledger(error)) => return Err(error.into()),
        Err(why) => tally.note(format!("{email} is not taken: {why}")),
    }
    Ok(())
}
