//! Who is to be told of a happening? Those who follow it, as far as they may know of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::topic::{is_inside, may_review};
use super::{Notify, Parts, Topic, Ways, message_name};
use crate::auth::{Actor, Catalogues, Wish};
use crate::catalogue::projection::blocking;
use crate::catalogue::{CatalogueError, Kind};
use crate::ledger::{
    AccountId, EventKind, Happening, Head, NewDelivery, NewNotice, Subscription, Webhook,
};
use crate::search::{SearchQuery, Sort};

/// Accounts among which reviewers are looked for.
const PEOPLE_MAX: usize = 10_000;
/// New records of one step that saved searches are asked about; a load of more is told to nobody one by one.
const FOUND_MAX: usize = crate::search::LIMIT_MAX;

/// Everybody who may be told of some happenings. What is looked up is remembered for these happenings only.
pub(super) struct Audience<'a> {
    notify: &'a Notify,
    now: Timestamp,
    subscriptions: Vec<(AccountId, Topic)>,
    webhooks: Vec<(Webhook, Topic)>,
    actors: HashMap<AccountId, Option<Arc<Actor>>>,
    ways: HashMap<AccountId, Vec<(EventKind, Ways)>>,
    everybody: Option<Vec<AccountId>>,
    /// What each saved search finds of the new records.
    found: HashMap<String, HashSet<String>>,
}

/// What is made of a happening.
#[derive(Default)]
pub(super) struct Told {
    pub notices: Vec<NewNotice>,
    pub deliveries: Vec<NewDelivery>,
}

impl<'a> Audience<'a> {
    pub async fn of(notify: &'a Notify) -> Result<Self, CatalogueError> {
        let ledger = notify.parts().catalogue.ledger();
        let subscriptions = ledger.all_subscriptions().await?;
        let followed = |one: Subscription| {
            Topic::parse(&one.topic, &one.value).map(|topic| (one.account, topic))
        };
        let webhooks = ledger.all_webhooks().await?;
        let served = |one: Webhook| Topic::parse(&one.topic, &one.value).map(|topic| (one, topic));
        Ok(Self {
            notify,
            now: notify.parts().catalogue.clock().now(),
            subscriptions: subscriptions.into_iter().filter_map(followed).collect(),
            webhooks: webhooks.into_iter().filter_map(served).collect(),
            actors: HashMap::new(),
            ways: HashMap::new(),
            everybody: None,
            found: HashMap::new(),
        })
    }

    /// Whether anybody at all may want to hear of a record.
    pub async fn may_care(&mut self, happening: &Happening) -> Result<bool, CatalogueError> {
        let somebody = !self.subscriptions.is_empty() || !self.webhooks.is_empty();
        Ok(somebody || self.actor(&happening.owner).await?.is_some())
    }

    /// Asks every saved search which of the new records it finds.
    pub async fn search(&mut self, happenings: &[Happening]) -> Result<(), CatalogueError> {
        let parts = self.notify.parts();
        let subscribed = self.subscriptions.iter().map(|(_, topic)| topic);
        let topics = subscribed.chain(self.webhooks.iter().map(|(_, topic)| topic));
        let queries: HashSet<String> = topics
            .filter_map(|topic| match topic {
                Topic::Search(query) => Some(query.clone()),
                _ => None,
            })
            .collect();
        let new: HashSet<String> = happenings
            .iter()
            .filter(|one| one.is_public && one.kind == EventKind::Published)
            .filter(|one| is_found_by_itself(parts, one))
            .map(|one| one.iri.clone())
            .collect();
        if queries.is_empty() || new.is_empty() {
            return Ok(());
        }
        parts.follower.catch_up().await?;
        let index = Arc::clone(&parts.index);
        self.found = blocking(move || {
            let mut found = HashMap::new();
            for query in queries {
                let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
                    .into_owned()
                    .collect();
                let asked = SearchQuery {
                    sort: Sort::Newest,
                    after: None,
                    limit: FOUND_MAX,
                    ..SearchQuery::from_pairs(&pairs)
                };
                let page = index
                    .search(&asked)
                    .map_err(|error| CatalogueError::Interrupted(error.to_string()))?;
                let hits = page.hits.into_iter().map(|hit| hit.iri);
                found.insert(query, hits.filter(|iri| new.contains(iri)).collect());
            }
            Ok::<_, CatalogueError>(found)
        })
        .await?;
        Ok(())
    }

    /// What is to be told of a happening, and to whom.
    pub async fn told(&mut self, happening: &Happening) -> Result<Told, CatalogueError> {
        let mut told = Told::default();
        let candidates = self.candidates(happening).await?;
        if candidates.is_empty() && self.webhooks.is_empty() {
            return Ok(told);
        }
        let catalogue = &self.notify.parts().catalogue;
        let Some(head) = catalogue.ledger().head(&happening.iri).await? else {
            return Ok(told);
        };
        for (account, topics) in candidates {
            told.notices
                .extend(self.notice(happening, &head, &account, &topics).await?);
        }
        for (webhook, topic) in self.webhooks.clone() {
            told.deliveries
                .extend(self.delivery(happening, &head, &webhook, &topic).await?);
        }
        Ok(told)
    }

    /// Who may want to hear of it, and why, in order of nearness.
    async fn candidates(
        &mut self,
        happening: &Happening,
    ) -> Result<Vec<(AccountId, Vec<Topic>)>, CatalogueError> {
        let mut all: Vec<(AccountId, Topic)> =
            vec![(AccountId(happening.owner.clone()), Topic::Own)];
        let ledger = self.notify.parts().catalogue.ledger();
        match happening.kind {
            EventKind::ChangesRequested | EventKind::Approved | EventKind::Published => {
                let submitter = ledger.submitter(happening.record, happening.at).await?;
                all.extend(submitter.map(|author| (AccountId(author), Topic::Review)));
            }
            EventKind::Submitted | EventKind::DoiRefused => {
                let people = self.people().await?.into_iter();
                all.extend(people.map(|account| (account, Topic::Review)));
            }
            // What was loaded by no person is looked after by those whose roles name its catalogue.
            EventKind::CheckDue if self.actor(&happening.owner).await?.is_none() => {
                let people = self.people().await?.into_iter();
                all.extend(people.map(|account| (account, Topic::Review)));
            }
            EventKind::Created
            | EventKind::Changed
            | EventKind::Withdrawn
            | EventKind::Deleted
            | EventKind::CheckDue
            | EventKind::QualityFell => {}
        }
        all.extend(self.subscriptions.iter().cloned());
        let mut candidates: Vec<(AccountId, Vec<Topic>)> = Vec::new();
        let mut places: HashMap<AccountId, usize> = HashMap::new();
        for (account, topic) in all {
            if account.0 == happening.author && !concerns_its_author(happening.kind) {
                continue;
            }
            let place = *places.entry(account.clone()).or_insert_with(|| {
                candidates.push((account, Vec::new()));
                candidates.len() - 1
            });
            candidates[place].1.push(topic);
        }
        Ok(candidates)
    }

    async fn notice(
        &mut self,
        happening: &Happening,
        head: &Head,
        account: &AccountId,
        topics: &[Topic],
    ) -> Result<Option<NewNotice>, CatalogueError> {
        let Some(actor) = self.actor(&account.0).await? else {
            return Ok(None);
        };
        let inside = is_inside(&self.notify.parts().catalogue, &actor, head);
        if !inside && !happening.is_public {
            return Ok(None);
        }
        let mut topics = topics.iter();
        let topic = topics.find(|topic| self.is_about(topic, happening, head, &actor, inside));
        let Some(topic) = topic else { return Ok(None) };
        let ways = self.ways_of(account, happening.kind).await?;
        if ways.is_none() {
            return Ok(None);
        }
        Ok(Some(NewNotice {
            account: account.clone(),
            happening: shown(happening, inside),
            topic: topic.as_str().to_owned(),
            in_area: ways.has(super::Way::Area),
            mail: ways.mailing(),
        }))
    }

    /// Whether a topic holds. Those who are named for a review need not find the record among others.
    fn is_about(
        &self,
        topic: &Topic,
        happening: &Happening,
        head: &Head,
        actor: &Actor,
        inside: bool,
    ) -> bool {
        if *topic == Topic::Review {
            return match happening.kind {
                EventKind::Submitted => may_review(&self.notify.parts().catalogue, actor, head),
                // Whoever can mend it.
                EventKind::DoiRefused => {
                    let catalogue = &self.notify.parts().catalogue;
                    catalogue.may(actor, Wish::Replace, head).is_allowed()
                }
                EventKind::CheckDue => happening
                    .parent
                    .as_ref()
                    .is_some_and(|catalogue| names(actor, catalogue)),
                _ => true,
            };
        }
        topic.holds(happening, actor, inside, |query| {
            self.found
                .get(query)
                .is_some_and(|found| found.contains(&happening.iri))
        })
    }

    async fn delivery(
        &mut self,
        happening: &Happening,
        head: &Head,
        webhook: &Webhook,
        topic: &Topic,
    ) -> Result<Option<NewDelivery>, CatalogueError> {
        let wanted = webhook.kinds.is_empty()
            || webhook
                .kinds
                .iter()
                .any(|kind| kind == happening.kind.as_str());
        if !wanted {
            return Ok(None);
        }
        let Some(actor) = self.actor(&webhook.account.0).await? else {
            return Ok(None);
        };
        let inside = is_inside(&self.notify.parts().catalogue, &actor, head);
        if !inside && !happening.is_public {
            return Ok(None);
        }
        if !self.is_about(topic, happening, head, &actor, inside) {
            return Ok(None);
        }
        let base = self.notify.parts().catalogue.base().as_str();
        Ok(Some(NewDelivery {
            webhook: webhook.id.clone(),
            message: message_name(happening.source, &webhook.id),
            body: message(base, &shown(happening, inside)).to_string(),
            at: self.now,
        }))
    }

    /// Somebody by the name of their account, as they may do things now; `None` when it is no account.
    async fn actor(&mut self, account: &str) -> Result<Option<Arc<Actor>>, CatalogueError> {
        let id = AccountId(account.to_owned());
        if let Some(known) = self.actors.get(&id) {
            return Ok(known.clone());
        }
        let parts = self.notify.parts();
        let ledger = parts.catalogue.ledger();
        let found = parts.sign_in.absent(ledger, &id, self.now).await?;
        let found = found.map(Arc::new);
        self.actors.insert(id, found.clone());
        Ok(found)
    }

    async fn ways_of(
        &mut self,
        account: &AccountId,
        kind: EventKind,
    ) -> Result<Ways, CatalogueError> {
        if !self.ways.contains_key(account) {
            let ways = self.notify.ways(account).await?;
            self.ways.insert(account.clone(), ways);
        }
        let mut ways = self.ways[account].iter();
        let own = ways.find(|(own, _)| *own == kind);
        Ok(own.map_or_else(|| Ways::usual(kind), |(_, ways)| *ways))
    }

    async fn people(&mut self) -> Result<Vec<AccountId>, CatalogueError> {
        if self.everybody.is_none() {
            let ledger = self.notify.parts().catalogue.ledger();
            self.everybody = Some(ledger.account_ids("", PEOPLE_MAX).await?);
        }
        Ok(self.everybody.clone().unwrap_or_default())
    }
}

/// Whether somebody is told of it though they did it themselves.
fn concerns_its_author(kind: EventKind) -> bool {
    matches!(kind, EventKind::CheckDue | EventKind::QualityFell)
}

/// Whether a role of somebody's names a catalogue: those of the whole Atlas name none.
fn names(actor: &Actor, catalogue: &str) -> bool {
    actor.grants().iter().any(|grant| match &grant.catalogues {
        Catalogues::Named(iris) => iris.iter().any(|iri| iri == catalogue),
        Catalogues::All => false,
    })
}

/// Records that stand inside another are no hits.
fn is_found_by_itself(parts: &Parts, happening: &Happening) -> bool {
    let kind = parts.catalogue.kinds().by_name(&happening.record_kind);
    kind.is_some_and(|kind: &Kind| !kind.embedded && !kind.is_root())
}

/// What those who may not see drafts learn: what was done, not by whom and with which words.
fn shown(happening: &Happening, inside: bool) -> Happening {
    let mut shown = happening.clone();
    if !inside {
        shown.author = String::new();
        shown.words = None;
    }
    shown
}

/// What a program is told.
fn message(base: &str, happening: &Happening) -> Value {
    let mut data = json!({
        "event": happening.source.name(),
        "record": happening.iri,
        "url": format!("{base}{}", happening.path),
        "kind": happening.record_kind,
        "title": happening.title,
        "parent": happening.parent,
        "version": happening.version,
        "public": happening.is_public,
    });
    if !happening.author.is_empty() {
        data["author"] = json!(happening.author);
    }
    if let Some(words) = &happening.words {
        data["words"] = json!(words);
    }
    json!({
        "type": format!("record.{}", happening.kind.as_str()),
        "timestamp": happening.at.to_string(),
        "data": data,
    })
}
