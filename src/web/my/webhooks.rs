//! Which programs of mine are told, and what became of each message?

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::asked::{self, Asked};
use super::settings::{kind_name, row, topic, topic_name};
use super::{Owner, done, moment, of_ledger, wants_page};
use crate::auth::Role;
use crate::ledger::{Delivery, EventKind, WEBHOOKS_PER_ACCOUNT_MAX, Webhook};
use crate::notify::{Topic, Ways};
use crate::web::error::{Answer, WebError};
use crate::web::pages::my::{self, Hook, NewSecret, Sent, WebhooksPage};
use crate::web::pages::site::Section;
use crate::web::server::{Door, language_of};
use crate::web::{VARY, showing};

/// The longest address of a webhook.
const URL_BYTES_MAX: usize = 2_000;
/// Messages of the log that are shown.
const LOG_SHOWN: usize = 20;
const TOPICS: [Topic; 3] = [Topic::Own, Topic::Organisation, Topic::Public];

pub async fn webhooks(
    door: &Door,
    request: &HttpRequest,
    owner: &Owner,
    secret: Option<NewSecret>,
) -> Answer {
    let ledger = door.catalogue.ledger();
    let language = language_of(request);
    let mut hooks = Vec::new();
    for webhook in ledger.webhooks(&owner.account).await.map_err(of_ledger)? {
        let log = ledger.deliveries(&webhook.id, LOG_SHOWN).await;
        hooks.push((webhook, log.map_err(of_ledger)?));
    }
    if !wants_page(request) {
        let listed: Vec<Value> = hooks.iter().map(|(hook, log)| to_json(hook, log)).collect();
        return Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(json!({ "webhooks": listed })));
    }
    let word_and_name = |word: &str| my::Topic {
        word: word.to_owned(),
        label: topic_name(word, language),
    };
    let mut topics: Vec<my::Topic> = TOPICS
        .iter()
        .map(|one| word_and_name(one.as_str()))
        .collect();
    topics.extend(["catalogue", "search"].map(word_and_name));
    let page = WebhooksPage {
        site: door.site_at(request, Section::Elsewhere),
        webhooks: hooks
            .iter()
            .map(|(hook, log)| shown(hook, log, language))
            .collect(),
        secret,
        topics,
        kinds: EventKind::ALL
            .map(|kind| row(kind, Ways::default(), language))
            .to_vec(),
        may_add: may_add(owner),
    };
    Ok(showing::answer(StatusCode::OK, &page))
}

/// Programs are told for those who look after something.
fn may_add(owner: &Owner) -> bool {
    owner.actor.role().is_some_and(|role| role != Role::Reader)
}

/// Adds a webhook and shows its secret, this once.
pub async fn add(door: &Door, request: &HttpRequest, owner: &Owner, asked: &Asked) -> Answer {
    if !may_add(owner) {
        return Err(WebError::Forbidden(
            "webhooks are for people who look after records; ask a steward for a role".to_owned(),
        ));
    }
    let url = address(asked::needed(asked, "url")?)?;
    let word = asked::value(asked, "topic").unwrap_or("own");
    let value = asked::value(asked, "value").unwrap_or_default();
    let topic = topic(door, owner, word, value).await?;
    let kinds = kinds(asked)?;
    let now = door.catalogue.clock().now();
    let webhook = Webhook {
        id: uuid::Uuid::new_v4().simple().to_string(),
        account: owner.account.clone(),
        url,
        topic: topic.as_str().to_owned(),
        value: topic.value().to_owned(),
        kinds,
        generation: 1,
        rotated_at: now,
        created_at: now,
        failing_since: None,
        disabled_at: None,
    };
    let added = door.catalogue.ledger().add_webhook(&webhook).await;
    if !added.map_err(of_ledger)? {
        return Err(WebError::Parameter {
            name: "url",
            message: format!(
                "you have {WEBHOOKS_PER_ACCOUNT_MAX} webhooks, or this Atlas serves as many as it can; remove one first"
            ),
        });
    }
    revealed(door, request, owner, &webhook, 1).await
}

/// Shows a secret, this once.
async fn revealed(
    door: &Door,
    request: &HttpRequest,
    owner: &Owner,
    webhook: &Webhook,
    generation: u64,
) -> Answer {
    let secret = door.notify.key().webhook(&webhook.id, generation).reveal();
    if wants_page(request) {
        let url = webhook.url.clone();
        return webhooks(door, request, owner, Some(NewSecret { url, secret })).await;
    }
    Ok(HttpResponse::Created().json(json!({ "id": webhook.id, "secret": secret })))
}

/// What is done with a webhook that is there.
pub async fn change(
    door: &Door,
    request: &HttpRequest,
    owner: &Owner,
    action: &str,
    asked: &Asked,
) -> Answer {
    let ledger = door.catalogue.ledger();
    let now = door.catalogue.clock().now();
    let account = &owner.account;
    if action == "replay" {
        let delivery = asked::needed(asked, "delivery")?;
        let number = delivery.parse().unwrap_or(-1);
        let queued = ledger.replay_delivery(account, number, now).await;
        return if queued.map_err(of_ledger)? {
            Ok(done(door, request, "/my/webhooks"))
        } else {
            Err(WebError::Parameter {
                name: "delivery",
                message: format!("no webhook of yours that is served has the delivery {delivery}"),
            })
        };
    }
    let webhook = own(door, owner, asked::needed(asked, "id")?).await?;
    match action {
        "rotate" => {
            let rotated = ledger.rotate_webhook(account, &webhook.id, now).await;
            rotated.map_err(of_ledger)?;
            // Two at once: the later one shows what holds.
            let webhook = own(door, owner, &webhook.id).await?;
            return revealed(door, request, owner, &webhook, webhook.generation).await;
        }
        "trial" => door.notify.try_webhook(&webhook).await?,
        "enable" => {
            let enabled = ledger.enable_webhook(account, &webhook.id, now).await;
            enabled.map_err(of_ledger)?;
        }
        "remove" => {
            let removed = ledger.remove_webhook(account, &webhook.id, now).await;
            removed.map_err(of_ledger)?;
        }
        _ => return Err(WebError::NotFound(request.path().to_owned())),
    }
    Ok(done(door, request, "/my/webhooks"))
}

async fn own(door: &Door, owner: &Owner, id: &str) -> Result<Webhook, WebError> {
    let found = door
        .catalogue
        .ledger()
        .webhook(id)
        .await
        .map_err(of_ledger)?;
    let found = found.filter(|webhook| webhook.account == owner.account);
    found.ok_or_else(|| WebError::Parameter {
        name: "id",
        message: format!("you have no webhook {id}"),
    })
}

/// An address that messages may be sent to: over TLS, or to this machine. Whether its host is a public one is seen
/// at every message anew, by the one way out.
fn address(text: &str) -> Result<String, WebError> {
    let refused = |why: &str| WebError::Parameter {
        name: "url",
        message: why.to_owned(),
    };
    if text.len() > URL_BYTES_MAX {
        return Err(refused("it is too long"));
    }
    let url = url::Url::parse(text).map_err(|error| refused(&error.to_string()))?;
    let is_here = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(_)) | None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if is_here => {}
        _ => return Err(refused("messages are sent by https only")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("it carries a user name or a password"));
    }
    Ok(url.into())
}

fn kinds(asked: &Asked) -> Result<Vec<String>, WebError> {
    let mut kinds = Vec::new();
    for word in asked::values(asked, "kind").filter(|word| !word.is_empty()) {
        let kind = EventKind::from_word(word).ok_or_else(|| WebError::Parameter {
            name: "kind",
            message: format!(
                "{word:?} is none of {}",
                EventKind::ALL.map(EventKind::as_str).join(", ")
            ),
        })?;
        if !kinds.iter().any(|known| known == kind.as_str()) {
            kinds.push(kind.as_str().to_owned());
        }
    }
    Ok(kinds)
}

fn shown(hook: &Webhook, log: &[Delivery], language: &str) -> Hook {
    Hook {
        id: hook.id.clone(),
        url: hook.url.clone(),
        topic: topic_name(&hook.topic, language),
        value: hook.value.clone(),
        kinds: hook
            .kinds
            .iter()
            .map(|kind| kind_name(kind, language))
            .collect(),
        since: moment(hook.created_at),
        failing: hook.failing_since.map(moment),
        disabled: hook.disabled_at.map(moment),
        log: log.iter().map(sent).collect(),
    }
}

fn sent(delivery: &Delivery) -> Sent {
    Sent {
        id: delivery.id,
        what: kind_of(delivery),
        at: moment(delivery.created_at),
        attempts: delivery.attempts,
        answer: delivery
            .status
            .map(|status| status.to_string())
            .or_else(|| delivery.failure.clone()),
        is_delivered: delivery.delivered_at.is_some(),
        next: delivery.next_at.map(moment),
    }
}

/// What a message told, and of what.
fn kind_of(delivery: &Delivery) -> String {
    let body: Value = serde_json::from_str(&delivery.body).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, record) = (text(&body["type"]), text(&body["data"]["record"]));
    format!("{kind} {record}").trim_end().to_owned()
}

fn to_json(hook: &Webhook, log: &[Delivery]) -> Value {
    let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    let log: Vec<Value> = log
        .iter()
        .map(|one| {
            json!({
                "delivery": one.id,
                "message": one.message,
                "type": kind_of(one).split(' ').next(),
                "createdAt": one.created_at.to_string(),
                "attempts": one.attempts,
                "triedAt": time(one.tried_at),
                "status": one.status,
                "failure": one.failure,
                "deliveredAt": time(one.delivered_at),
                "nextAt": time(one.next_at),
            })
        })
        .collect();
    json!({
        "id": hook.id,
        "url": hook.url,
        "topic": hook.topic,
        "value": hook.value,
        "kinds": hook.kinds,
        "createdAt": hook.created_at.to_string(),
        "rotatedAt": hook.rotated_at.to_string(),
        "failingSince": time(hook.failing_since),
        "disabledAt": time(hook.disabled_at),
        "deliveries": log,
    })
}
