//! How does a record come, change and go? Every change is checked, written to the ledger, and seen
//! by readers before it is answered.

// It is made of the same steps as a single change, which nobody else needs to see.
#[path = "batch.rs"]
pub mod batch;

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

use super::below::{self, Publication};
use super::checked::Checked;
use super::error::CatalogueError;
use super::identifier::{Slug, path_of, split_path};
use super::incoming::{self, Incoming};
use super::kind::Kind;
use super::leaving::Leaving;
use super::projection::blocking;
use super::quality::Measure;
use super::record::State;
use super::{Catalogue, Description, description, reviewing};
use crate::auth::{self, Actor, Decision, RecordFacts, Wish};
use crate::ledger::{self, Committed, Expected, Head, Ledger, LedgerError, NewChange, Seen};
use crate::rdf::vocabulary::{dct, dqv, fdp, ldp, rdf, rdfs, skos};
use crate::rdf::{
    Format, Literal, NamedNode, NamedOrBlankNode, Quad, Term, Triple, canonical, format,
};

/// How many records one request may bring.
pub const RECORDS_PER_REQUEST_MAX: usize = 2_000;
/// How many children of a record are deleted with it.
const CHILDREN_MAX: usize = ledger::ROWS_MAX;
/// How often a change that names no version is tried anew because others were faster.
const TRIES_MAX: usize = 8;
/// How deep a chain of parents is followed.
const ANCESTORS_MAX: usize = 16;

/// A document as it was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    pub bytes: Vec<u8>,
    pub format: Format,
    /// The last part of the address that the sender wishes (RFC 5023 §9.7).
    pub slug: Option<String>,
    /// The state that is wished; a new record is a draft, an old one stays what it is.
    pub state: Option<State>,
    /// Why, in the sender's words.
    pub reason: Option<String>,
    /// The version that the change was made from.
    pub if_match: Option<Precondition>,
    /// The language of texts that name none, when the sender says it.
    pub language: Option<String>,
}

/// What `If-Match` or `If-None-Match` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    Version(u64),
    /// `If-Match: *`
    Exists,
    /// `If-None-Match: *`
    Absent,
}

/// Where records of a loaded document go when they do not say it themselves.
#[derive(Debug, Clone)]
pub struct Destination {
    pub catalogue: Option<NamedNode>,
    /// Published at once, or kept as drafts.
    pub state: State,
}

/// A change that is on disk.
#[derive(Debug, Clone)]
pub struct Written {
    pub iri: NamedNode,
    pub path: String,
    pub version: u64,
    pub state: State,
    pub created: bool,
    pub checked: Option<Checked>,
}

/// A record that another server describes, to be kept under its own IRI.
#[derive(Debug, Clone)]
pub struct Adopted {
    pub iri: NamedNode,
    pub kind: String,
    pub parent: Option<NamedNode>,
    /// Without what that server itself says.
    pub triples: Vec<Triple>,
    pub state: State,
    pub reason: String,
}

/// A record that was prepared: named, canonical, checked.
struct Prepared {
    incoming: Incoming,
    path: String,
    canonical: canonical::CanonicalText,
    checked: Checked,
    title: Option<String>,
}

/// The heads that one request has asked for: each is read once, and the same for all its checks.
struct Heads<'a> {
    ledger: &'a Ledger,
    read: FxHashMap<String, Option<Head>>,
}

impl<'a> Heads<'a> {
    fn of(ledger: &'a Ledger) -> Self {
        Self {
            ledger,
            read: FxHashMap::default(),
        }
    }

    async fn get(&mut self, iri: &str) -> Result<Option<&Head>, CatalogueError> {
        if !self.read.contains_key(iri) {
            let head = self.ledger.head(iri).await?;
            self.read.insert(iri.to_owned(), head);
        }
        Ok(self.read[iri].as_ref())
    }

    fn remember(&mut self, head: Head) {
        self.read.insert(head.iri.clone(), Some(head));
    }
}

impl Catalogue {
    /// Makes the records of a document sent to the address of a kind. The first of the answer is
    /// the one that the document is about.
    pub async fn create(
        &self,
        actor: &Actor,
        kind: &Kind,
        sent: Sent,
    ) -> Result<Vec<Written>, CatalogueError> {
        let slug = match sent.slug.as_deref() {
            None => None,
            Some(wish) => {
                let slug = Slug::parse(wish).or_else(|| Slug::near(wish));
                Some(slug.ok_or_else(|| CatalogueError::BadSlug(wish.to_owned()))?)
            }
        };
        let records = self.name_and_split(kind, slug, &sent).await?;
        let mut heads = Heads::of(self.ledger());
        if let Some(first) = records.first()
            && heads.get(first.iri.as_str()).await?.is_some()
        {
            return Err(CatalogueError::Taken(first.iri.as_str().to_owned()));
        }
        let sent = Sent {
            if_match: Some(Precondition::Absent),
            ..sent
        };
        self.write_all(actor, records, &sent, heads).await
    }

    /// Replaces the description of a record, or makes the record when there is none. Of two who
    /// name no version and come at the same time, the later one stands. A version that gets its name in this moment
    /// still stands for who has read it.
    pub async fn replace(
        &self,
        actor: &Actor,
        path: &str,
        sent: Sent,
    ) -> Result<Vec<Written>, CatalogueError> {
        let tries = match sent.if_match {
            None if !self.0.precondition_required => TRIES_MAX,
            Some(Precondition::Version(_)) => 1,
            None | Some(Precondition::Exists | Precondition::Absent) => 0,
        };
        for _ in 0..tries {
            match self.replace_once(actor, path, &sent).await {
                Err(CatalogueError::Precondition { .. }) => (),
                answer => return answer,
            }
        }
        self.replace_once(actor, path, &sent).await
    }

    async fn replace_once(
        &self,
        actor: &Actor,
        path: &str,
        sent: &Sent,
    ) -> Result<Vec<Written>, CatalogueError> {
        let iri = self.base().iri(path);
        let head = self.ledger().head_by_path(path).await?;
        // Whoever may not know of a draft is answered as if there were nothing.
        let head = head.filter(|head| self.is_known(actor, head));
        let head = self.expect(&iri, head, sent.if_match).await?;
        let Some(head) = head else {
            let (prefix, slug) = split_path(path)
                .ok_or_else(|| CatalogueError::NotFound(iri.as_str().to_owned()))?;
            let kind = self.kinds().by_prefix(prefix).cloned();
            let kind = kind.ok_or_else(|| CatalogueError::NotFound(iri.as_str().to_owned()))?;
            let records = self.name_and_split(&kind, Some(slug), sent).await?;
            let heads = Heads::of(self.ledger());
            return self.write_all(actor, records, sent, heads).await;
        };
        if head.state == State::Deleted {
            return Err(CatalogueError::Gone(head.iri));
        }
        allowed(self.may(actor, Wish::Replace, &head))?;
        let record = NamedNode::new_unchecked(head.iri.clone());
        let kind = self.kind(&head.kind)?;
        let catalogue = self.clone();
        let (bytes, format) = (sent.bytes.clone(), sent.format);
        let records = blocking(move || {
            let mut triples = read(&bytes, format, record.as_str())?;
            settle(&mut triples, &kind, &record)?;
            let mut records =
                incoming::split(&triples, catalogue.kinds(), catalogue.base(), Some(&record));
            catalogue.forget_our_words(&mut records);
            Ok::<_, CatalogueError>(records)
        })
        .await?;
        let mut heads = Heads::of(self.ledger());
        heads.remember(head);
        self.write_all(actor, records, sent, heads).await
    }

    /// Publishes a draft or a withdrawn record, withdraws a published one. Whoever meets the moment in which a record gets
    /// its name, or another change of it, is not refused for that.
    pub async fn set_state(
        &self,
        actor: &Actor,
        path: &str,
        state: State,
        reason: Option<String>,
    ) -> Result<Written, CatalogueError> {
        let first = self.set_state_once(actor, path, state, reason.clone());
        match first.await {
            Err(CatalogueError::Precondition { .. }) => {
                self.set_state_once(actor, path, state, reason).await
            }
            answer => answer,
        }
    }

    async fn set_state_once(
        &self,
        actor: &Actor,
        path: &str,
        state: State,
        reason: Option<String>,
    ) -> Result<Written, CatalogueError> {
        let head = self.head_at(actor, path).await?;
        let wanted = match state {
            State::Published => Wish::Publish,
            State::Draft | State::Withdrawn | State::Deleted => Wish::Withdraw,
        };
        allowed(self.may(actor, wanted, &head))?;
        let (action, wish) = transition(&head, state)?;
        allowed(self.may(actor, wish, &head))?;
        let (mut checked, mut along) = (None, Vec::new());
        if action == ledger::Action::Publish {
            let publication = self.publishable(&head).await?;
            along = self.along(actor, &publication.along, reason.as_ref())?;
            checked = Some(publication.checked);
        } else {
            self.say_farewell(actor, &head.iri, &Leaving::default())
                .await?;
        }
        let change = NewChange {
            action,
            state,
            reason,
            ..self.change_of(&head, actor, Expected::Version(head.version))
        };
        along.insert(0, change);
        let committed = self.commit(along).await?;
        let version = committed.first().map_or(0, |committed| committed.version);
        if action == ledger::Action::Publish {
            for one in &committed {
                self.close_review(&one.iri, one.version, actor.name())
                    .await?;
            }
        }
        Ok(Written {
            iri: NamedNode::new_unchecked(head.iri),
            path: head.path,
            version,
            state,
            created: false,
            checked,
        })
    }

    /// Whether the newest version of a record may be published: its parent is public, its reviewers agree, and it
    /// fits its profile.
    pub(super) async fn publishable(&self, head: &Head) -> Result<Publication, CatalogueError> {
        let mut near = Heads::of(self.ledger());
        self.parent_is_public(&head.iri, head.parent.as_deref(), &mut near)
            .await?;
        self.publishable_below(head).await
    }

    /// The same for a record whose parent is published with it.
    pub(super) async fn publishable_below(
        &self,
        head: &Head,
    ) -> Result<Publication, CatalogueError> {
        self.is_agreed(head).await?;
        self.publication(head).await
    }

    /// Deletes a record and all below it. Its address answers that it is gone, for ever.
    pub async fn delete(
        &self,
        actor: &Actor,
        path: &str,
        reason: Option<String>,
        precondition: Option<Precondition>,
    ) -> Result<(), CatalogueError> {
        let reason = reason.as_deref();
        match self.delete_once(actor, path, reason, precondition).await {
            Err(CatalogueError::Precondition { .. }) => {
                self.delete_once(actor, path, reason, precondition).await
            }
            answer => answer,
        }
    }

    async fn delete_once(
        &self,
        actor: &Actor,
        path: &str,
        reason: Option<&str>,
        precondition: Option<Precondition>,
    ) -> Result<(), CatalogueError> {
        let head = self.head_at(actor, path).await?;
        let iri = NamedNode::new_unchecked(head.iri.clone());
        let head = self.expect(&iri, Some(head), precondition).await?;
        let Some(head) = head else {
            return Err(CatalogueError::NotFound(iri.into_string()));
        };
        let changes = self.deletions(actor, head, reason).await?;
        self.say_farewell(actor, iri.as_str(), &Leaving::default())
            .await?;
        self.commit(changes).await?;
        Ok(())
    }

    /// The changes that delete a record and all below it, the lowest first.
    async fn deletions(
        &self,
        actor: &Actor,
        head: Head,
        reason: Option<&str>,
    ) -> Result<Vec<NewChange>, CatalogueError> {
        if head.path.is_empty() {
            return Err(CatalogueError::Denied(
                "the root record cannot be deleted".to_owned(),
            ));
        }
        let mut changes = Vec::new();
        let mut open = vec![(head, 0)];
        while let Some((head, depth)) = open.pop() {
            allowed(self.may(actor, Wish::Delete, &head))?;
            if depth < ANCESTORS_MAX {
                let ledger = self.ledger();
                let children = ledger
                    .children(&head.iri, None, Seen::All, 0, CHILDREN_MAX)
                    .await?;
                open.extend(children.into_iter().map(|child| (child, depth + 1)));
            }
            changes.push(NewChange {
                action: ledger::Action::Delete,
                state: State::Deleted,
                reason: reason.map(str::to_owned),
                ..self.change_of(&head, actor, Expected::Version(head.version))
            });
        }
        changes.reverse();
        Ok(changes)
    }

    /// Takes the records of a parsed document as they are, under their own IRIs, and gives back
    /// the changes for the ledger with what was found in each. This computes for a while: call it
    /// on a thread of its own.
    pub fn prepare(
        &self,
        quads: Vec<Quad>,
        destination: &Destination,
        author: &str,
        at: Timestamp,
    ) -> Result<Vec<(NewChange, Checked)>, CatalogueError> {
        let mut triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        // The root's IRI has no slash at its end; relative IRIs give it one.
        let slashed = self.base().iri("/");
        incoming::rename_exactly(&mut triples, &slashed, &self.base().iri(""));
        let records = incoming::split(&triples, self.kinds(), self.base(), None);
        if records.is_empty() {
            return Err(CatalogueError::Empty);
        }
        let mut prepared = Vec::with_capacity(records.len());
        let leads = below::leads(&records, self.kinds());
        for mut record in records {
            let kind = self.kind(&record.kind)?;
            if record.parent.is_none() {
                record.parent = self.default_parent(&kind, destination.catalogue.as_ref());
            }
            let record = self.prepared(record, &leads)?;
            // What does not fit its profile is kept, as a draft.
            let fits = record.checked.fits();
            let state = if fits {
                destination.state
            } else {
                State::Draft
            };
            let checked = record.checked.clone();
            let change = new_change(record, author, at, state, None, Expected::Any);
            prepared.push((change, checked));
        }
        Ok(prepared)
    }

    /// Takes over a record of another server in the state that it has there, whether or not it fits its profile here:
    /// for the operator, who moves a whole catalogue. This computes for a while: call it on a thread of its own.
    pub fn adopt(
        &self,
        adopted: Adopted,
        author: &str,
        at: Timestamp,
    ) -> Result<(NewChange, Checked), CatalogueError> {
        let mut incoming = vec![Incoming {
            iri: adopted.iri,
            kind: adopted.kind,
            parent: adopted.parent,
            triples: adopted.triples,
        }];
        self.forget_our_words(&mut incoming);
        let incoming = incoming.pop().ok_or(CatalogueError::Empty)?;
        let record = self.prepared(incoming, &below::Leads::default())?;
        let checked = record.checked.clone();
        let reason = Some(adopted.reason);
        let change = new_change(record, author, at, adopted.state, reason, Expected::Any);
        Ok((change, checked))
    }

    /// The parent of a record that names none: the root for what stands right below it, else the
    /// catalogue that the sender named.
    fn default_parent(&self, kind: &Kind, catalogue: Option<&NamedNode>) -> Option<NamedNode> {
        let below = |name: &str| kind.relation_from(name).is_some();
        if catalogue.is_some() && below("catalog") && kind.name != "catalog" {
            return catalogue.cloned();
        }
        below(&self.kinds().root().name).then(|| self.base().iri(""))
    }

    /// Reads a document about a new record, gives the record its name, and finds what else the
    /// document holds.
    async fn name_and_split(
        &self,
        kind: &Kind,
        slug: Option<Slug>,
        sent: &Sent,
    ) -> Result<Vec<Incoming>, CatalogueError> {
        let chosen = slug.is_some();
        let slug = slug.unwrap_or_else(Slug::random);
        let named = self.base().iri(&path_of(kind, &slug));
        let (catalogue, kind) = (self.clone(), kind.clone());
        let (bytes, format) = (sent.bytes.clone(), sent.format);
        blocking(move || {
            let mut triples = read(&bytes, format, named.as_str())?;
            let own = own_address(&catalogue, &triples, &kind).filter(|_| !chosen);
            let iri = own.unwrap_or(named);
            settle(&mut triples, &kind, &iri)?;
            let mut records =
                incoming::split(&triples, catalogue.kinds(), catalogue.base(), Some(&iri));
            catalogue.forget_our_words(&mut records);
            Ok::<_, CatalogueError>(records)
        })
        .await
    }

    /// Prepares and writes the records of one request, all or none.
    async fn write_all(
        &self,
        actor: &Actor,
        mut records: Vec<Incoming>,
        sent: &Sent,
        mut near: Heads<'_>,
    ) -> Result<Vec<Written>, CatalogueError> {
        if records.len() > RECORDS_PER_REQUEST_MAX {
            let (found, max) = (records.len(), RECORDS_PER_REQUEST_MAX);
            return Err(CatalogueError::TooMany { found, max });
        }
        let mut heads = Vec::with_capacity(records.len());
        for record in &mut records {
            let head = near.get(record.iri.as_str()).await?.cloned();
            let kind = self.kind(&record.kind)?;
            if record.parent.is_none() {
                let known = head.as_ref().filter(|head| self.is_known(actor, head));
                let old = known.and_then(|head| head.parent.clone());
                record.parent = old.map(NamedNode::new_unchecked);
            }
            if record.parent.is_none() {
                record.parent = self.default_parent(&kind, None);
            }
            heads.push(head);
        }
        for (at, head) in heads.iter().enumerate() {
            self.parent_fits(&records, at, &mut near).await?;
            self.may_write(actor, &records, at, head.as_ref(), &mut near)
                .await?;
        }
        let (catalogue, language) = (self.clone(), sent.language.clone());
        let prepared = blocking(move || {
            if let Some(language) = &language {
                catalogue.say_language(&mut records, language);
            }
            let leads = below::leads(&records, catalogue.kinds());
            records
                .into_iter()
                .map(|record| catalogue.prepared(record, &leads))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
        let at = self.clock().now();
        let mut changes = Vec::with_capacity(prepared.len());
        let mut written = Vec::with_capacity(prepared.len());
        for (record, head) in prepared.into_iter().zip(heads) {
            let old = head.as_ref().map(|head| head.state);
            let wished = sent.state.or(old).unwrap_or(State::Draft);
            // What was withdrawn and is written again is a draft until it is published.
            let state = if wished == State::Published {
                wished
            } else {
                State::Draft
            };
            if state == State::Published {
                if !record.checked.fits() {
                    return Err(CatalogueError::Invalid(Box::new(record.checked)));
                }
                let in_request = |iri: &NamedNode| {
                    written
                        .iter()
                        .any(|other: &Written| other.iri == *iri && other.state == state)
                };
                let parent = record
                    .incoming
                    .parent
                    .as_ref()
                    .filter(|iri| !in_request(iri));
                let parent = parent.map(NamedNode::as_str);
                self.parent_is_public(record.incoming.iri.as_str(), parent, &mut near)
                    .await?;
                // What nobody has judged yet is not published where the rule asks for it.
                if let Some(head) = &head {
                    reviewing::unagreed(&record.incoming.iri, self.rule_of(head).await?)?;
                }
                let above = record.incoming.parent.clone();
                let rule = self.rule_above(above.map(NamedNode::into_string)).await?;
                reviewing::unagreed(&record.incoming.iri, rule)?;
            }
            let stands = head
                .as_ref()
                .map_or(Expected::New, |h| Expected::Version(h.version));
            // The first record is the one that the precondition speaks of; its version was looked at.
            let expected = match sent.if_match {
                Some(Precondition::Absent) if written.is_empty() => Expected::New,
                _ => stands,
            };
            let author = actor.name().to_owned();
            written.push(Written {
                iri: record.incoming.iri.clone(),
                path: record.path.clone(),
                version: 0,
                state,
                created: head.is_none(),
                checked: Some(record.checked.clone()),
            });
            changes.push(new_change(
                record,
                &author,
                at,
                state,
                sent.reason.clone(),
                expected,
            ));
        }
        let committed = self.commit(changes).await?;
        for (written, committed) in written.iter_mut().zip(committed) {
            written.version = committed.version;
            if written.state == State::Published && !written.created {
                let (iri, version) = (written.iri.as_str(), written.version);
                self.close_review(iri, version, actor.name()).await?;
            }
        }
        Ok(written)
    }

    /// The canonical text of a record, how it fits its profile with what stands below it in the same document, and its
    /// title. Names the record's path.
    fn prepared(
        &self,
        mut incoming: Incoming,
        leads: &below::Leads,
    ) -> Result<Prepared, CatalogueError> {
        self.give_name(&mut incoming);
        let canonical = canonical::canonical_ntriples(&incoming.triples).map_err(|source| {
            CatalogueError::Poison {
                iri: incoming.iri.as_str().to_owned(),
                source,
            }
        })?;
        let kind = self.kind(&incoming.kind)?;
        let path = match self.base().path(incoming.iri.as_str()) {
            Some(path) => path.to_owned(),
            None => path_of(&kind, &Slug::of_foreign(incoming.iri.as_str())),
        };
        let mut described = Description::from(&incoming);
        let with_leads: Vec<Triple>;
        if let Some(leads) = leads.get(&incoming.iri) {
            with_leads = [&incoming.triples[..], leads].concat();
            described.triples = &with_leads;
        }
        let checked = self.check_own(&described)?;
        let title = title(&incoming.iri, &incoming.triples);
        Ok(Prepared {
            incoming,
            path,
            canonical,
            checked,
            title,
        })
    }

    /// Whether the newest version of a record fits, with some of the records below it.
    pub(super) async fn check_head(
        &self,
        head: &Head,
        below: &[Head],
    ) -> Result<Checked, CatalogueError> {
        let found = self.ledger().version(&head.iri, head.version).await?;
        let found = found.ok_or_else(|| CatalogueError::NotFound(head.iri.clone()))?;
        let (catalogue, kind) = (self.clone(), head.kind.clone());
        let iri = NamedNode::new_unchecked(head.iri.clone());
        let parent = head.parent.clone().map(NamedNode::new_unchecked);
        let leads = self.leads_to(head, below);
        let checked = blocking(move || {
            let mut triples = super::projection::provider_triples(iri.as_str(), &found.ntriples)?;
            triples.extend(leads);
            catalogue.check_own(&Description {
                kind: &kind,
                iri: &iri,
                parent: parent.as_ref(),
                triples: &triples,
            })
        })
        .await?;
        if checked.fits() {
            Ok(checked)
        } else {
            Err(CatalogueError::Invalid(Box::new(checked)))
        }
    }

    /// A record has a parent of the right kind, here or in the same request.
    async fn parent_fits(
        &self,
        records: &[Incoming],
        at: usize,
        near: &mut Heads<'_>,
    ) -> Result<(), CatalogueError> {
        let record = &records[at];
        let kind = self.kind(&record.kind)?;
        if kind.is_root() || kind.parents.is_empty() {
            return Ok(());
        }
        let iri = record.iri.as_str().to_owned();
        let wanted = kind.parent_names();
        let Some(parent) = &record.parent else {
            return Err(CatalogueError::NoParent {
                iri,
                parents: wanted,
            });
        };
        let beside = records.iter().find(|other| other.iri == *parent);
        let found = match beside {
            Some(other) => other.kind.clone(),
            None => match near.get(parent.as_str()).await? {
                Some(head) if head.state != State::Deleted => head.kind.clone(),
                // Before its first record of its own, a catalogue server still has a root.
                _ if *parent == self.base().iri("") => self.kinds().root().name.clone(),
                _ => {
                    let parent = parent.as_str().to_owned();
                    return Err(CatalogueError::ParentNotFound { iri, parent });
                }
            },
        };
        if kind.relation_from(&found).is_some() {
            Ok(())
        } else {
            let parent = parent.as_str().to_owned();
            Err(CatalogueError::WrongParent {
                iri,
                parent,
                kind: found,
                wanted,
            })
        }
    }

    async fn may_write(
        &self,
        actor: &Actor,
        records: &[Incoming],
        at: usize,
        head: Option<&Head>,
        near: &mut Heads<'_>,
    ) -> Result<(), CatalogueError> {
        let record = &records[at];
        let hidden = head.filter(|head| !self.is_known(actor, head));
        if let Some(head) = head.filter(|_| hidden.is_none()) {
            if head.state == State::Deleted {
                return Err(CatalogueError::Gone(head.iri.clone()));
            }
            allowed(self.may(actor, Wish::Replace, head))?;
            let stays = head.parent.as_deref() == record.parent.as_ref().map(NamedNode::as_str);
            if stays {
                return Ok(());
            }
            // Who moves a record must also be allowed to make one where it goes.
        }
        // A distribution belongs to the catalogue of its dataset.
        let mut catalogue = record.parent.clone();
        for _ in 0..ANCESTORS_MAX {
            let Some(iri) = &catalogue else { break };
            let beside = records.iter().find(|other| other.iri == *iri);
            let (kind, parent) = match beside {
                Some(other) => (other.kind.clone(), other.parent.clone()),
                None => match near.get(iri.as_str()).await? {
                    Some(head) => {
                        let parent = head.parent.clone().map(NamedNode::new_unchecked);
                        (head.kind.clone(), parent)
                    }
                    None => break,
                },
            };
            if kind == super::CATALOGUE_KIND {
                break;
            }
            catalogue = parent;
        }
        let facts = RecordFacts {
            kind: &record.kind,
            state: State::Draft,
            is_public: false,
            catalogue: catalogue.as_ref().map(NamedNode::as_str),
            owner: actor.name(),
        };
        allowed(auth::may(actor, Wish::Create, &facts))?;
        match hidden {
            Some(head) => Err(CatalogueError::Taken(head.iri.clone())),
            None => Ok(()),
        }
    }

    /// A record is only published below a published parent: else nobody would find the way to it.
    async fn parent_is_public(
        &self,
        iri: &str,
        parent: Option<&str>,
        near: &mut Heads<'_>,
    ) -> Result<(), CatalogueError> {
        let Some(parent) = parent.filter(|parent| *parent != self.base().as_str()) else {
            return Ok(());
        };
        let head = near.get(parent).await?;
        if head.is_some_and(|head| head.public.is_some()) {
            return Ok(());
        }
        let (iri, parent) = (iri.to_owned(), parent.to_owned());
        Err(CatalogueError::ParentNotPublic { iri, parent })
    }

    /// The living head at a path that the actor may know of.
    pub(super) async fn head_at(&self, actor: &Actor, path: &str) -> Result<Head, CatalogueError> {
        let missing = || CatalogueError::NotFound(self.base().iri(path).into_string());
        let head = self
            .ledger()
            .head_by_path(path)
            .await?
            .ok_or_else(missing)?;
        if !self.is_known(actor, &head) {
            return Err(missing());
        }
        if head.state == State::Deleted {
            return Err(CatalogueError::Gone(head.iri));
        }
        Ok(head)
    }

    /// Whether an actor may know that there is a record: it is or was public, or they may read its
    /// drafts.
    pub(super) fn is_known(&self, actor: &Actor, head: &Head) -> bool {
        let public = head.public.is_some() || head.first_published_at.is_some();
        public || self.may(actor, Wish::ReadDraft, head).is_allowed()
    }

    pub(super) async fn expect(
        &self,
        iri: &NamedNode,
        head: Option<Head>,
        precondition: Option<Precondition>,
    ) -> Result<Option<Head>, CatalogueError> {
        let precondition = match (precondition, &head) {
            (Some(Precondition::Version(read)), Some(head)) => {
                Some(Precondition::Version(self.meant(read, head).await?))
            }
            (precondition, _) => precondition,
        };
        let found = head
            .as_ref()
            .map_or("absent".to_owned(), |head| head.version.to_string());
        let fail = |expected: String| {
            let (iri, found) = (iri.as_str().to_owned(), found.clone());
            Err(CatalogueError::Precondition {
                iri,
                expected,
                found,
            })
        };
        match (precondition, &head) {
            (Some(Precondition::Version(n)), Some(head)) if n != head.version => {
                fail(n.to_string())
            }
            (Some(Precondition::Version(n)), None) => fail(n.to_string()),
            (Some(Precondition::Exists), None) => fail("any".to_owned()),
            (Some(Precondition::Absent), Some(_)) => fail("absent".to_owned()),
            (None, Some(_)) if self.0.precondition_required => {
                Err(CatalogueError::PreconditionRequired)
            }
            (_, _) => Ok(head),
        }
    }

    pub(super) async fn commit_one(&self, change: NewChange) -> Result<u64, CatalogueError> {
        let committed = self.commit(vec![change]).await?;
        Ok(committed.first().map_or(0, |committed| committed.version))
    }

    /// Puts changes on disk, with the names of records and the links between versions that go with them, and lets
    /// readers see them.
    pub(super) async fn commit(
        &self,
        changes: Vec<NewChange>,
    ) -> Result<Vec<Committed>, CatalogueError> {
        self.commit_with_links(self.with_names(changes).await?)
            .await
    }

    /// The same for changes that bear names and links already.
    pub(super) async fn commit_as_it_is(
        &self,
        changes: Vec<NewChange>,
    ) -> Result<Vec<Committed>, CatalogueError> {
        let committed = self.ledger().commit(changes).await;
        let committed = committed.map_err(precondition_of)?;
        if let Some(last) = committed.last() {
            self.projection().catch_up_to(last.sequence).await?;
        }
        Ok(committed)
    }

    /// A change of a record that keeps its description.
    pub(super) fn change_of(&self, head: &Head, actor: &Actor, expected: Expected) -> NewChange {
        NewChange {
            iri: head.iri.clone(),
            kind: head.kind.clone(),
            path: head.path.clone(),
            parent: head.parent.clone(),
            action: ledger::Action::Replace,
            state: head.state,
            graph: None,
            title: head.title.clone(),
            author: actor.name().to_owned(),
            reason: None,
            at: self.clock().now(),
            report: None,
            expected,
        }
    }

    fn kind(&self, name: &str) -> Result<Kind, CatalogueError> {
        let found = self.kinds().by_name(name).cloned();
        found.ok_or_else(|| CatalogueError::NotFound(format!("kind {name}")))
    }

    /// Takes out what the server itself said when the sender read the record, so that a document
    /// that is read, edited and sent back holds no stale copy of it.
    fn forget_our_words(&self, records: &mut [Incoming]) {
        for record in records {
            let path = self
                .base()
                .path(record.iri.as_str())
                .unwrap_or_default()
                .to_owned();
            let about = NamedOrBlankNode::from(description::graph_name(self.base(), &path));
            let subject = NamedOrBlankNode::from(record.iri.clone());
            let containers: Vec<NamedOrBlankNode> = record
                .triples
                .iter()
                .filter(|triple| {
                    triple.predicate == rdf::TYPE
                        && triple.object == Term::from(ldp::DIRECT_CONTAINER.into_owned())
                })
                .map(|triple| triple.subject.clone())
                .collect();
            let mut ours = description::identifier(&record.iri);
            if let Some(kind) = self.kinds().by_name(&record.kind) {
                ours.extend(description::conformance(self.base(), kind, &record.iri));
            }
            let measured = Measure::ALL.map(|measure| measure.of(self.base(), &path));
            let is_measured =
                |iri: &NamedNode| iri.as_str().contains("#quality-") && measured.contains(iri);
            let measurement = |triple: &Triple| match (&triple.subject, &triple.object) {
                (NamedOrBlankNode::NamedNode(iri), _) if is_measured(iri) => true,
                (_, Term::NamedNode(iri)) => {
                    triple.predicate == dqv::HAS_QUALITY_MEASUREMENT && is_measured(iri)
                }
                (_, _) => false,
            };
            let dates = [
                fdp::METADATA_ISSUED,
                fdp::METADATA_MODIFIED,
                fdp::FDP_SOFTWARE_VERSION,
            ];
            record.triples.retain(|triple| {
                let dated =
                    triple.subject == subject && dates.iter().any(|date| triple.predicate == *date);
                let identifies = ours.contains(triple);
                let contained = containers.contains(&triple.subject);
                let ours = contained || dated || identifies || measurement(triple);
                triple.subject != about && !ours
            });
        }
    }
}

/// What leads a record from its state to another, and what whoever does it must be allowed to do.
fn transition(head: &Head, to: State) -> Result<(ledger::Action, Wish), CatalogueError> {
    match (head.state, to) {
        (State::Draft | State::Withdrawn, State::Published) => {
            Ok((ledger::Action::Publish, Wish::Publish))
        }
        (State::Published, State::Withdrawn) => Ok((ledger::Action::Withdraw, Wish::Withdraw)),
        (from, to) => Err(CatalogueError::Transition {
            iri: head.iri.clone(),
            from: from.as_str(),
            to: to.as_str(),
        }),
    }
}

pub(super) fn allowed(decision: Decision) -> Result<(), CatalogueError> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Deny(reason) => Err(CatalogueError::Denied(reason.to_owned())),
    }
}

/// A conflict in the ledger means that somebody else was faster.
fn precondition_of(error: LedgerError) -> CatalogueError {
    match error {
        LedgerError::Conflict {
            iri,
            expected,
            actual,
        } => {
            let (expected, found) = (expected.to_string(), actual.to_string());
            CatalogueError::Precondition {
                iri,
                expected,
                found,
            }
        }
        LedgerError::Exists { iri, .. } => CatalogueError::Taken(iri),
        LedgerError::PathTaken { path, .. } => CatalogueError::Taken(path),
        other => CatalogueError::Ledger(other),
    }
}

fn read(bytes: &[u8], format: Format, base: &str) -> Result<Vec<Triple>, CatalogueError> {
    let quads = format::parse(bytes, format, Some(base))?;
    let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
    let mut seen = FxHashSet::default();
    let is_first: Vec<bool> = triples.iter().map(|triple| seen.insert(triple)).collect();
    let firsts = triples.into_iter().zip(is_first);
    Ok(firsts
        .filter_map(|(triple, first)| first.then_some(triple))
        .collect())
}

/// The IRI that the sender chose, when it is a free address of the kind below our base.
fn own_address(catalogue: &Catalogue, triples: &[Triple], kind: &Kind) -> Option<NamedNode> {
    let NamedOrBlankNode::NamedNode(iri) = incoming::main_subject(triples, kind)? else {
        return None;
    };
    let (prefix, _) = split_path(catalogue.base().path(iri.as_str())?)?;
    (prefix == kind.prefix).then_some(iri)
}

/// Gives the subject of a document the record's IRI and the type of its kind.
fn settle(triples: &mut [Triple], kind: &Kind, iri: &NamedNode) -> Result<(), CatalogueError> {
    let itself = NamedOrBlankNode::from(iri.clone());
    let present = triples.iter().any(|triple| triple.subject == itself);
    let subject = incoming::main_subject(triples, kind);
    match subject {
        Some(subject) if subject == itself => Ok(()),
        Some(subject) if !present => {
            incoming::rename(triples, &subject, iri);
            Ok(())
        }
        _ if present => Ok(()),
        _ => {
            let classes: Vec<&str> = kind.classes.iter().map(NamedNode::as_str).collect();
            let (kind, classes) = (kind.name.clone(), classes.join(" or "));
            Err(CatalogueError::NoSubject { kind, classes })
        }
    }
}

fn new_change(
    record: Prepared,
    author: &str,
    at: Timestamp,
    state: State,
    reason: Option<String>,
    expected: Expected,
) -> NewChange {
    let action = match expected {
        Expected::New => ledger::Action::Create,
        Expected::Version(_) | Expected::Any => ledger::Action::Replace,
    };
    NewChange {
        iri: record.incoming.iri.into_string(),
        kind: record.incoming.kind,
        path: record.path,
        parent: record.incoming.parent.map(NamedNode::into_string),
        action,
        state,
        graph: Some(record.canonical),
        title: record.title,
        author: author.to_owned(),
        reason,
        at,
        report: Some(record.checked.to_json().to_string()),
        expected,
    }
}

/// The title that people know a record by: the English one, else the first.
pub fn title(iri: &NamedNode, triples: &[Triple]) -> Option<String> {
    let named = [dct::TITLE, rdfs::LABEL, skos::PREF_LABEL];
    let about = |triple: &&Triple| match &triple.subject {
        NamedOrBlankNode::NamedNode(subject) => subject == iri,
        NamedOrBlankNode::BlankNode(_) => false,
    };
    named.into_iter().find_map(|predicate| {
        let titles = triples
            .iter()
            .filter(about)
            .filter(|triple| triple.predicate == predicate);
        let mut titles: Vec<&Literal> = titles
            .filter_map(|triple| match &triple.object {
                Term::Literal(title) => Some(title),
                _ => None,
            })
            .collect();
        titles.sort_by_key(|title| !title.language().is_none_or(|tag| tag.starts_with("en")));
        titles.first().map(|title| title.value().to_owned())
    })
}
