//! How does a running FAIR Data Point move here? Its records with drafts and states, its schemas, its people and members;
//! every IRI stays. It can be done again: what is here already and the same is left alone.

mod people;
mod record;
mod schemas;
mod source;
mod tally;

use std::collections::VecDeque;
use std::io::Write;

use anyhow::{Context, Result};
use rustc_hash::FxHashSet;

use super::App;
use super::remote::{self, Client};
use crate::catalogue::{Adopted, State};
use crate::ledger::{Head, NewChange};
use crate::outbound::Outbound;
use crate::rdf::NamedNode;
use record::Found;
use source::Source;
use tally::{Fate, Tally};

/// Changes that are committed together.
const CHANGES_PER_COMMIT: usize = 200;
/// The most records that are taken over.
const RECORDS_MAX: usize = 2_000_000;
/// The author of what is taken over.
const AUTHOR: &str = "operator";

/// What is taken over.
pub struct Wish {
    pub url: String,
    /// Opens drafts, members and people.
    pub token: Option<String>,
    /// Whether the server may stand at an address that is not public.
    pub private: bool,
    /// Whether people and members come along.
    pub people: bool,
}

/// A record that was named by another and waits to be read.
struct Waiting {
    iri: NamedNode,
    /// By place in the list of definitions.
    definition: usize,
    parent: Option<NamedNode>,
    /// Whether the public sees everything above it here.
    above_is_public: bool,
}

/// Takes over a FAIR Data Point and tells what became of everything. Gives back whether all of it is here.
pub async fn run(app: &App, wish: &Wish, out: &mut dyn Write) -> Result<bool> {
    let url = url::Url::parse(&wish.url).with_context(|| format!("{} is no address", wish.url))?;
    let outbound = Outbound::new(remote::way_out(&app.config, wish.private)?);
    let client = match &wish.token {
        Some(token) => Client::with_token(outbound, token.clone(), &url),
        None => Client::new(outbound),
    };
    let address = url.as_str().trim_end_matches('/');
    let read = || Source::read(client, address, app.catalogue.kinds());
    let source = tokio::task::block_in_place(read)?;
    let mut tally = Tally::default();
    for definition in &source.definitions {
        if definition.kind.is_none() {
            tally.note(format!(
                "the definition {} has no counterpart among our kinds: its records are not taken",
                definition.name
            ));
        }
    }
    walk(app, &source, &mut tally).await?;
    app.catalogue.projection().catch_up().await?;
    app.follower().catch_up().await?;
    schemas::take(app, &source, &mut tally).await?;
    if wish.people && wish.token.is_some() {
        people::take(app, &source, &mut tally).await?;
    }
    tally.tell(out)?;
    Ok(tally.is_whole())
}

/// From the root down, a level after the other, so that parents stand here before their children.
async fn walk(app: &App, source: &Source, tally: &mut Tally) -> Result<()> {
    let mut waiting = VecDeque::from([Waiting {
        iri: source.base.clone(),
        definition: source.root,
        parent: None,
        above_is_public: true,
    }]);
    let mut seen: FxHashSet<NamedNode> = waiting.iter().map(|one| one.iri.clone()).collect();
    let mut batch = Vec::new();
    while let Some(next) = waiting.pop_front() {
        let found =
            tokio::task::block_in_place(|| record::read(source, &next.iri, next.definition));
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                tally.left_out(&next.iri, &why);
                continue;
            }
        };
        let is_public = next.above_is_public && found.state == State::Published;
        for (iri, definition) in &found.children {
            if seen.len() >= RECORDS_MAX {
                tally.left_out(iri, &format!("more than {RECORDS_MAX} records"));
            } else if seen.insert(iri.clone()) {
                waiting.push_back(Waiting {
                    iri: iri.clone(),
                    definition: *definition,
                    parent: Some(next.iri.clone()),
                    above_is_public: is_public,
                });
            }
        }
        if let Some(change) = taken(app, source, next, found, tally).await? {
            batch.push(change);
        }
        if batch.len() >= CHANGES_PER_COMMIT {
            app.catalogue
                .ledger()
                .commit(std::mem::take(&mut batch))
                .await?;
        }
    }
    app.catalogue.ledger().commit(batch).await?;
    Ok(())
}

/// The change that a record means here; none when it is here already.
async fn taken(
    app: &App,
    source: &Source,
    record: Waiting,
    found: Found,
    tally: &mut Tally,
) -> Result<Option<NewChange>> {
    let definition = &source.definitions[record.definition];
    let Some(kind) = &definition.kind else {
        tally.left_out(&record.iri, "there is no such kind here");
        return Ok(None);
    };
    let here = app.catalogue.base().iri("");
    let is_root = record.definition == source.root;
    if is_root && record.iri != here {
        tally.note(format!(
            "the root record {} is not taken: the root here stays {here}",
            record.iri
        ));
        return Ok(None);
    }
    // What stood right below their root stands right below ours.
    let parent = record
        .parent
        .map(|parent| if parent == source.base { here } else { parent });
    let published = found.state == State::Published && record.above_is_public;
    if found.state == State::Published && !published {
        tally.note(format!(
            "{} is published below a draft: it is kept as a draft",
            record.iri
        ));
    }
    let adopted = Adopted {
        iri: record.iri.clone(),
        kind: kind.clone(),
        parent,
        triples: found.triples,
        state: if published {
            State::Published
        } else {
            State::Draft
        },
        reason: found.reason,
    };
    let (catalogue, at) = (app.catalogue.clone(), app.catalogue.clock().now());
    let made = tokio::task::block_in_place(|| catalogue.adopt(adopted, AUTHOR, at));
    let (change, checked) = match made {
        Ok(made) => made,
        Err(error) => {
            tally.left_out(&record.iri, &error.to_string());
            return Ok(None);
        }
    };
    tally.checked(&checked);
    let head = app.catalogue.ledger().head(record.iri.as_str()).await?;
    let fate = fate(head.as_ref(), &change);
    tally.count(kind, change.state, fate);
    match fate {
        Fate::New | Fate::Changed => Ok(Some(change)),
        Fate::Same => Ok(None),
        Fate::Gone => {
            tally.note(format!(
                "{} was withdrawn or deleted here, and stays so",
                record.iri
            ));
            Ok(None)
        }
    }
}

/// What a change would do to a record as it stands here.
fn fate(head: Option<&Head>, change: &NewChange) -> Fate {
    let Some(head) = head else { return Fate::New };
    if matches!(head.state, State::Deleted | State::Withdrawn) {
        return Fate::Gone;
    }
    let digest = change
        .graph
        .as_ref()
        .map(crate::rdf::canonical::CanonicalText::digest);
    let same_words = digest == Some(head.digest) && head.parent == change.parent;
    // What was published here in the meantime is not taken back.
    let same_state = head.state == change.state || change.state == State::Draft;
    if same_words && same_state {
        Fate::Same
    } else {
        Fate::Changed
    }
}
