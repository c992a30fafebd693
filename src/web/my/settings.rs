//! What do I want to be told, in which ways and in which language?

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::asked::{self, Asked};
use super::{Owner, of_ledger, wants_page};
use crate::auth::Catalogues;
use crate::catalogue::{CATALOGUE_KIND, Lookup};
use crate::ledger::{EventKind, SUBSCRIPTIONS_PER_ACCOUNT_MAX, Subscription};
use crate::notify::{QUERY_BYTES_MAX, Topic, Way, Ways, say};
use crate::web::error::{Answer, WebError};
use crate::web::pages::messages::Language;
use crate::web::pages::my::{ChoiceRow, Followed, SettingsPage, WayCell};
use crate::web::pages::site::Section;
use crate::web::pages::text::Link;
use crate::web::server::{Door, language_of, parameter};
use crate::web::{VARY, showing};

/// Catalogues that can be chosen from a list; others by their IRI.
const CATALOGUES_MAX: usize = 200;

pub async fn settings(door: &Door, request: &HttpRequest, owner: &Owner) -> Answer {
    let ledger = door.catalogue.ledger();
    let language = language_of(request);
    let account = &owner.account;
    ledger.greet(account, language).await.map_err(of_ledger)?;
    let ways = door.notify.ways(account).await?;
    let subscriptions = ledger.subscriptions(account).await.map_err(of_ledger)?;
    let addressee = ledger.addressee(account).await.map_err(of_ledger)?;
    let spoken = addressee.map_or_else(|| language.to_owned(), |one| one.language);
    if !wants_page(request) {
        let body = to_json(&ways, &subscriptions, &spoken);
        return Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(body));
    }
    let known = ledger.account(account).await.map_err(of_ledger)?;
    let page = SettingsPage {
        site: door.site_at(request, Section::Elsewhere),
        email: known.and_then(|known| known.email),
        sends_mail: door.notify.sends_mail(),
        language: Language::from_code(&spoken).unwrap_or_default(),
        ways: Way::ALL.map(|way| way_name(way, language)).to_vec(),
        rows: ways
            .iter()
            .map(|(kind, ways)| row(*kind, *ways, language))
            .collect(),
        subscriptions: followed(door, &subscriptions, language).await?,
        catalogues: catalogues(door).await?,
        search: parameter(request, "search").unwrap_or_default(),
        is_saved: parameter(request, "saved").is_some(),
    };
    Ok(showing::answer(StatusCode::OK, &page))
}

/// Replaces the ways of every kind, and the language when one is named.
pub async fn save(door: &Door, owner: &Owner, asked: &Asked) -> Result<(), WebError> {
    let mut choices = EventKind::ALL.map(|kind| (kind, Ways::default()));
    for pair in asked::values(asked, "way") {
        let (kind, way) = way_of(pair)?;
        for (own, ways) in &mut choices {
            if *own == kind {
                *ways = ways.with(way);
            }
        }
    }
    let language = asked::value(asked, "language");
    let language = language.map(|code| {
        Language::from_code(code).ok_or_else(|| WebError::Parameter {
            name: "language",
            message: format!("{code:?} is none of en, de, fr, es, it"),
        })
    });
    let language = language.transpose()?.map(Language::code);
    let choices = choices.map(|(kind, ways)| (kind, ways.bits()));
    let ledger = door.catalogue.ledger();
    let chosen = ledger.choose(&owner.account, language, &choices).await;
    chosen.map_err(of_ledger)
}

/// `published:daily`.
fn way_of(pair: &str) -> Result<(EventKind, Way), WebError> {
    let parts = pair.split_once(':');
    let known = parts.and_then(|(kind, way)| EventKind::from_word(kind).zip(Way::from_word(way)));
    known.ok_or_else(|| WebError::Parameter {
        name: "way",
        message: format!("{pair:?} is no kind of event and a way, such as published:daily"),
    })
}

/// Adds what somebody follows.
pub async fn follow(door: &Door, owner: &Owner, asked: &Asked) -> Result<(), WebError> {
    let word = asked::needed(asked, "topic")?;
    let value = asked::value(asked, "value").unwrap_or_default();
    let topic = topic(door, owner, word, value).await?;
    let followable = matches!(
        topic,
        Topic::Organisation | Topic::Catalogue(_) | Topic::Search(_)
    );
    if !followable {
        return Err(WebError::Parameter {
            name: "topic",
            message: format!("{word:?} is none of organisation, catalogue, search"),
        });
    }
    let subscription = Subscription {
        id: uuid::Uuid::new_v4().simple().to_string(),
        account: owner.account.clone(),
        topic: topic.as_str().to_owned(),
        value: topic.value().to_owned(),
    };
    let now = door.catalogue.clock().now();
    let ledger = door.catalogue.ledger();
    let added = ledger.subscribe_to(&subscription, now).await;
    if added.map_err(of_ledger)? {
        return Ok(());
    }
    Err(WebError::Parameter {
        name: "topic",
        message: format!(
            "you follow {SUBSCRIPTIONS_PER_ACCOUNT_MAX} topics; stop one of them first"
        ),
    })
}

/// A topic that somebody names; a catalogue must be one that they see.
pub async fn topic(door: &Door, owner: &Owner, word: &str, value: &str) -> Result<Topic, WebError> {
    // Somebody may paste the whole address of a search.
    let value = match (word, value.split_once('?')) {
        ("search", Some((_, query))) => query,
        _ => value,
    };
    let topic = Topic::parse(word, value).ok_or_else(|| WebError::Parameter {
        name: "topic",
        message: format!(
            "{word:?} with the value {:?} is no topic; a catalogue needs its IRI, a search its parameters \
             (at most {QUERY_BYTES_MAX} bytes)",
            value.chars().take(200).collect::<String>()
        ),
    })?;
    if let Topic::Catalogue(iri) = &topic {
        let view = door.catalogue.view(std::sync::Arc::clone(&owner.actor));
        let found = view.lookup_iri(iri).await?;
        let is_one = matches!(&found, Lookup::Found(record) if record.kind == CATALOGUE_KIND);
        if !is_one {
            return Err(WebError::Parameter {
                name: "value",
                message: format!("there is no catalogue <{iri}>"),
            });
        }
    }
    Ok(topic)
}

fn to_json(ways: &[(EventKind, Ways)], subscriptions: &[Subscription], language: &str) -> Value {
    let mut chosen = serde_json::Map::new();
    for (kind, ways) in ways {
        chosen.insert(kind.as_str().to_owned(), json!(words_of(*ways)));
    }
    let followed: Vec<Value> = subscriptions
        .iter()
        .map(|one| json!({ "id": one.id, "topic": one.topic, "value": one.value }))
        .collect();
    json!({ "language": language, "ways": chosen, "subscriptions": followed })
}

/// The words for ways.
pub fn words_of(ways: Ways) -> Vec<&'static str> {
    let chosen = Way::ALL.into_iter().filter(|way| ways.has(*way));
    chosen.map(Way::as_str).collect()
}

fn way_name(way: Way, language: &str) -> String {
    say(&format!("way.{}", way.as_str()), language).to_owned()
}

pub fn kind_name(kind: &str, language: &str) -> String {
    say(&format!("kind.{kind}"), language).to_owned()
}

pub fn topic_name(topic: &str, language: &str) -> String {
    say(&format!("topic.{topic}"), language).to_owned()
}

pub fn row(kind: EventKind, ways: Ways, language: &str) -> ChoiceRow {
    let cell = |way: Way| WayCell {
        way: way.as_str().to_owned(),
        label: way_name(way, language),
        is_on: ways.has(way),
    };
    ChoiceRow {
        kind: kind.as_str().to_owned(),
        label: kind_name(kind.as_str(), language),
        ways: Way::ALL.map(cell).to_vec(),
    }
}

async fn followed(
    door: &Door,
    subscriptions: &[Subscription],
    language: &str,
) -> Result<Vec<Followed>, WebError> {
    let root = door.base().path_prefix();
    let mut rows = Vec::with_capacity(subscriptions.len());
    for one in subscriptions {
        let link = match Topic::parse(&one.topic, &one.value) {
            Some(Topic::Catalogue(iri)) => Some(catalogue_link(door, &iri).await?),
            Some(Topic::Search(query)) => {
                Some(Link::new(query.clone(), format!("{root}/search?{query}")))
            }
            Some(Topic::Own | Topic::Review | Topic::Organisation | Topic::Public) | None => None,
        };
        rows.push(Followed {
            id: one.id.clone(),
            topic: topic_name(&one.topic, language),
            link,
        });
    }
    Ok(rows)
}

/// A catalogue by its public title, else by its IRI.
async fn catalogue_link(door: &Door, iri: &str) -> Result<Link, WebError> {
    let head = door.catalogue.ledger().head(iri).await.map_err(of_ledger)?;
    let Some(head) = head else {
        return Ok(Link::new(iri.to_owned(), iri.to_owned()));
    };
    let title = head.public.and_then(|face| face.title);
    let href = format!("{}{}", door.base().path_prefix(), head.path);
    Ok(Link::new(title.unwrap_or_else(|| iri.to_owned()), href))
}

/// The public catalogues, to choose from.
async fn catalogues(door: &Door) -> Result<Vec<Link>, WebError> {
    let view = door.catalogue.public();
    let heads = view
        .public_of_kind(CATALOGUE_KIND, 0, CATALOGUES_MAX)
        .await?;
    let link = |head: crate::ledger::Head| {
        let title = head.public.and_then(|face| face.title);
        Link::new(title.unwrap_or_else(|| head.path.clone()), head.iri)
    };
    Ok(heads.into_iter().map(link).collect())
}

/// The catalogues that somebody's roles name.
pub fn own_catalogues(owner: &Owner) -> Vec<String> {
    let mut iris: Vec<String> = owner
        .actor
        .grants()
        .iter()
        .filter_map(|grant| match &grant.catalogues {
            Catalogues::Named(iris) => Some(iris.clone()),
            Catalogues::All => None,
        })
        .flatten()
        .collect();
    iris.sort_unstable();
    iris.dedup();
    iris
}
