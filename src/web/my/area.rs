//! What is on a person's desk: their records, what waits for them, what they were told?

use std::collections::HashSet;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::settings::own_catalogues;
use super::{Owner, moment, notices, of_ledger, wants_page};
use crate::auth::{RecordFacts, Role, Wish, may as may_do};
use crate::catalogue::projection::{blocking, provider_triples};
use crate::catalogue::quality::{Band, say as say_quality};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::ledger::{EventKind, Happening, Head, HeadFilter, Notice, Seen, State};
use crate::notify::say;
use crate::rdf::NamedNode;
use crate::web::error::{Answer, WebError};
use crate::web::pages::messages::{Language, message};
use crate::web::pages::my::{Chosen, Desk, Mine, MyPage, Standing, StateCount, Waiting, Works};
use crate::web::pages::site::Section;
use crate::web::pages::text::{Link, Tone};
use crate::web::server::{Door, language_of, page_language, parameter};
use crate::web::{VARY, body, showing};

/// Records of a page.
const RECORDS_PER_PAGE: usize = 25;
/// What waits, as far as it is shown.
const WAITING_MAX: usize = 20;
/// Happenings among which is looked for what waits for one person.
const LOOKED_AT_MAX: usize = 500;
/// Notices on the first page.
const NOTICES_SHOWN: usize = 5;

/// Which records are wanted.
struct Asked {
    state: Option<State>,
    /// All that are in a catalogue, instead of those of one person.
    catalogue: Option<String>,
    after: i64,
}

/// A record and how good its newest version is.
struct Judged {
    head: Head,
    points: Option<u16>,
    next: Option<(String, u16)>,
}

/// Something that waits.
struct Waits {
    kind: EventKind,
    iri: String,
    path: String,
    title: Option<String>,
    at: jiff::Timestamp,
    words: Option<String>,
}

pub async fn area(door: &Door, request: &HttpRequest, owner: &Owner) -> Answer {
    let language = language_of(request);
    let ledger = door.catalogue.ledger();
    let greeted = ledger.greet(&owner.account, language).await;
    greeted.map_err(of_ledger)?;
    let asked = asked(request)?;
    let waiting = waiting(door, owner).await?;
    let (heads, more) = heads(door, owner, &asked).await?;
    let records = judged(door, heads, language).await?;
    let states = count_states(door, Some(owner.actor.name())).await?;
    let told = ledger
        .notices(&owner.account, false, None, NOTICES_SHOWN)
        .await;
    let told = door
        .notify
        .visible(&owner.actor, told.map_err(of_ledger)?)
        .await?;
    let unread = ledger
        .count_unread(&owner.account)
        .await
        .map_err(of_ledger)?;
    if !wants_page(request) {
        let body = to_json(door, &waiting, &records, &states, &told, unread, language);
        return Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(body));
    }
    let root = door.base().path_prefix();
    let page = MyPage {
        site: door.site_at(request, Section::Elsewhere),
        unread,
        ways: ways(root, owner, page_language(request)),
        waiting: waiting
            .iter()
            .map(|one| shown_waiting(root, one, language))
            .collect(),
        states: shown_states(&states, &asked, &format!("{root}/my")),
        catalogues: catalogues(door, owner, &asked).await?,
        records: records
            .iter()
            .map(|one| shown(door, one, language))
            .collect(),
        more: more.map(|after| address(root, &asked, after)),
        notices: told
            .iter()
            .map(|one| notices::row(root, one, language))
            .collect(),
        desk: desk(door, owner).await?,
        works: works(door, owner).await?,
    };
    Ok(showing::answer(StatusCode::OK, &page))
}

/// The pages that somebody with such roles works on.
fn ways(root: &str, owner: &Owner, language: Language) -> Vec<Link> {
    let may = |wish: Wish| {
        let roles = [Role::Reviewer, Role::Provider];
        let works = roles.into_iter().any(|role| owner.actor.has(role));
        works && owner.actor.is_scoped_for(wish)
    };
    let writes = owner.actor.has(Role::Provider);
    let looks_after = |wish| may_do(&owner.actor, wish, &RecordFacts::ATLAS).is_allowed();
    let all = [
        (writes, "/edit", "edit.mine_all"),
        (may(Wish::Comment), "/reviews", "review.waiting"),
        (writes && may(Wish::Confirm), "/checks", "checks.title"),
        (may(Wish::Bulk), "/bulk", "bulk.title"),
        (writes, "/sheets", "sheets.title"),
        (looks_after(Wish::ManageDois), "/dois", "dois.title"),
    ];
    let ways = all.into_iter().filter(|(is_open, _, _)| *is_open);
    ways.map(|(_, path, words)| Link::new(message(language, words), format!("{root}{path}")))
        .collect()
}

fn asked(request: &HttpRequest) -> Result<Asked, WebError> {
    let state = parameter(request, "state").filter(|text| !text.is_empty());
    let after = parameter(request, "after");
    Ok(Asked {
        state: state.map(|text| body::state(&text)).transpose()?,
        catalogue: parameter(request, "in").filter(|iri| !iri.is_empty()),
        after: after.and_then(|text| text.parse().ok()).unwrap_or(0),
    })
}

fn address(root: &str, asked: &Asked, after: i64) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    if let Some(state) = asked.state {
        pairs.append_pair("state", state.as_str());
    }
    if let Some(catalogue) = &asked.catalogue {
        pairs.append_pair("in", catalogue);
    }
    pairs.append_pair("after", &after.to_string());
    format!("{root}/my?{}", pairs.finish())
}

/// The records of the page, and after which one the next page begins.
async fn heads(
    door: &Door,
    owner: &Owner,
    asked: &Asked,
) -> Result<(Vec<Head>, Option<i64>), WebError> {
    let ledger = door.catalogue.ledger();
    let limit = RECORDS_PER_PAGE + 1;
    let found = match &asked.catalogue {
        Some(iri) => {
            let head = ledger.head(iri).await.map_err(of_ledger)?;
            let may = head.is_some_and(|head| {
                let may = door.catalogue.may(&owner.actor, Wish::ReadDraft, &head);
                may.is_allowed()
            });
            if !may {
                return Err(WebError::Parameter {
                    name: "in",
                    message: format!("<{iri}> is no catalogue that your roles are for"),
                });
            }
            ledger
                .children(iri, None, Seen::All, asked.after, limit)
                .await
        }
        None => {
            let filter = HeadFilter {
                owner: Some(owner.actor.name().to_owned()),
                state: asked.state,
                ..HeadFilter::default()
            };
            ledger.heads(&filter, asked.after, limit).await
        }
    };
    let mut heads = found.map_err(of_ledger)?;
    let goes_on = heads.len() > RECORDS_PER_PAGE;
    heads.truncate(RECORDS_PER_PAGE);
    let more = heads.last().filter(|_| goes_on).map(|last| last.record);
    // Whoever has lost a role has no drafts here any more, not even their own.
    heads.retain(|head| {
        let may = door.catalogue.may(&owner.actor, Wish::ReadDraft, head);
        may.is_allowed()
    });
    Ok((heads, more))
}

async fn judged(
    door: &Door,
    heads: Vec<Head>,
    language: &'static str,
) -> Result<Vec<Judged>, WebError> {
    let mut graphs = Vec::with_capacity(heads.len());
    for head in heads {
        let version = door
            .catalogue
            .ledger()
            .version(&head.iri, head.version)
            .await;
        graphs.push((head, version.map_err(of_ledger)?));
    }
    let catalogue = door.catalogue.clone();
    let judged = blocking(move || {
        let judge = |(head, version): (Head, Option<crate::ledger::VersionedGraph>)| {
            let ntriples = version.map(|version| version.ntriples);
            judge(&catalogue, head, ntriples.as_deref(), language)
        };
        graphs
            .into_iter()
            .map(judge)
            .collect::<Result<Vec<_>, CatalogueError>>()
    });
    Ok(judged.await?)
}

fn judge(
    catalogue: &Catalogue,
    head: Head,
    ntriples: Option<&str>,
    language: &str,
) -> Result<Judged, CatalogueError> {
    let mut judged = Judged {
        head,
        points: None,
        next: None,
    };
    let Some(ntriples) = ntriples else {
        return Ok(judged);
    };
    let triples = provider_triples(&judged.head.iri, ntriples)?;
    let iri = NamedNode::new_unchecked(&judged.head.iri);
    let evidence = catalogue
        .quality()
        .evidence(&judged.head.kind, &iri, &triples);
    if let Some(evidence) = evidence {
        if let Some(mqa) = evidence.mqa() {
            judged.points = Some(mqa.score());
        }
        let changes = evidence.changes();
        judged.next = changes
            .first()
            .map(|change| (change.name(&evidence, language), change.points));
    }
    Ok(judged)
}

/// How many records are in each state: somebody's, or all.
async fn count_states(door: &Door, owner: Option<&str>) -> Result<Vec<(State, u64)>, WebError> {
    let mut counts = Vec::new();
    for state in State::ALL {
        let filter = HeadFilter {
            owner: owner.map(str::to_owned),
            state: Some(*state),
            ..HeadFilter::default()
        };
        let count = door.catalogue.ledger().count_heads(&filter).await;
        counts.push((*state, count.map_err(of_ledger)?));
    }
    counts.retain(|(_, count)| *count > 0);
    Ok(counts)
}

/// What waits for somebody: changes that were asked for, checks, reviews, and their drafts; each record once.
async fn waiting(door: &Door, owner: &Owner) -> Result<Vec<Waits>, WebError> {
    let ledger = door.catalogue.ledger();
    let name = owner.actor.name();
    let mut waiting = Vec::new();
    for kind in [
        EventKind::ChangesRequested,
        EventKind::CheckDue,
        EventKind::Submitted,
    ] {
        let found = ledger.last_words(kind, LOOKED_AT_MAX).await;
        for happening in found.map_err(of_ledger)? {
            if waits_for(door, owner, &happening).await? {
                waiting.push(Waits::from(happening));
            }
        }
    }
    let drafts = HeadFilter {
        owner: Some(name.to_owned()),
        state: Some(State::Draft),
        ..HeadFilter::default()
    };
    let drafts = ledger.heads(&drafts, 0, WAITING_MAX).await;
    for head in drafts.map_err(of_ledger)? {
        let may = door.catalogue.may(&owner.actor, Wish::ReadDraft, &head);
        if may.is_allowed() {
            waiting.push(Waits::from(head));
        }
    }
    let mut seen = HashSet::new();
    waiting.retain(|one: &Waits| seen.insert(one.iri.clone()));
    waiting.truncate(WAITING_MAX);
    Ok(waiting)
}

async fn waits_for(door: &Door, owner: &Owner, happening: &Happening) -> Result<bool, WebError> {
    let ledger = door.catalogue.ledger();
    let name = owner.actor.name();
    let named = happening.kind == EventKind::CheckDue && {
        let parent = happening.parent.as_ref();
        parent.is_some_and(|parent| own_catalogues(owner).contains(parent))
    };
    let is_theirs = named || happening.owner == name || {
        let submitter = ledger.submitter(happening.record, happening.at).await;
        let asks = happening.kind == EventKind::ChangesRequested;
        asks && submitter.map_err(of_ledger)?.as_deref() == Some(name)
    };
    let wish = match happening.kind {
        EventKind::Submitted => Wish::Approve,
        _ if is_theirs => Wish::ReadDraft,
        _ => return Ok(false),
    };
    let head = ledger.head(&happening.iri).await.map_err(of_ledger)?;
    Ok(head.is_some_and(|head| {
        let may = door.catalogue.may(&owner.actor, wish, &head);
        may.is_allowed()
    }))
}

impl From<Happening> for Waits {
    fn from(happening: Happening) -> Self {
        Self {
            kind: happening.kind,
            iri: happening.iri,
            path: happening.path,
            title: happening.title,
            at: happening.at,
            words: happening.words,
        }
    }
}

impl From<Head> for Waits {
    fn from(head: Head) -> Self {
        Self {
            kind: EventKind::Created,
            iri: head.iri,
            path: head.path,
            title: head.title,
            at: head.changed_at,
            words: None,
        }
    }
}

impl Waits {
    fn sentence(&self, language: &str) -> String {
        let words = say(&format!("event.{}", self.kind.as_str()), language).to_owned();
        let title = self.title.as_deref().filter(|title| !title.is_empty());
        words.replacen("{}", title.unwrap_or(&self.iri), 1)
    }
}

fn shown_waiting(root: &str, one: &Waits, language: &str) -> Waiting {
    // What is asked of somebody leads to where it is answered.
    let place = match one.kind {
        EventKind::Submitted | EventKind::ChangesRequested => "/review",
        _ => "",
    };
    Waiting {
        what: one.sentence(language),
        href: format!("{root}{}{place}", one.path),
        since: moment(one.at),
        words: one.words.clone(),
    }
}

fn standing(head: &Head) -> Standing {
    match head.state {
        State::Draft if head.public.is_some() => Standing::Revised,
        state => of_state(state),
    }
}

fn of_state(state: State) -> Standing {
    match state {
        State::Draft => Standing::Draft,
        State::Published => Standing::Published,
        State::Withdrawn => Standing::Withdrawn,
        State::Deleted => Standing::Deleted,
    }
}

fn shown(door: &Door, judged: &Judged, language: &str) -> Mine {
    let head = &judged.head;
    let kind = door.catalogue.kinds().by_name(&head.kind);
    let title = head.title.clone().filter(|title| !title.is_empty());
    let band = judged.points.map(Band::of);
    Mine {
        link: Link::new(
            title.unwrap_or_else(|| head.path.clone()),
            format!("{}{}", door.base().path_prefix(), head.path),
        ),
        kind: kind
            .map_or(&*head.kind, |kind| kind.title(language))
            .to_owned(),
        standing: standing(head),
        points: judged.points.map(u64::from),
        band: band.map_or_else(String::new, |band| {
            say_quality(&format!("band.{}", band.as_str()), language).to_owned()
        }),
        tone: band.map_or(Tone::Plain, tone),
        next: judged.next.as_ref().map(|(name, _)| name.clone()),
        gain: judged
            .next
            .as_ref()
            .map_or(0, |(_, points)| u64::from(*points)),
        changed: moment(head.changed_at),
    }
}

fn tone(band: Band) -> Tone {
    match band {
        Band::Excellent | Band::Good => Tone::Good,
        Band::Sufficient => Tone::Care,
        Band::Bad => Tone::Bad,
    }
}

fn shown_states(states: &[(State, u64)], asked: &Asked, here: &str) -> Vec<StateCount> {
    let one = |(state, count): &(State, u64)| StateCount {
        standing: of_state(*state),
        count: *count,
        href: format!("{here}?state={state}"),
        is_chosen: asked.state == Some(*state) && asked.catalogue.is_none(),
    };
    // What was deleted is counted and not listed.
    states
        .iter()
        .filter(|(state, _)| *state != State::Deleted)
        .map(one)
        .collect()
}

async fn catalogues(door: &Door, owner: &Owner, asked: &Asked) -> Result<Vec<Chosen>, WebError> {
    let root = door.base().path_prefix();
    let mut listed = Vec::new();
    for iri in own_catalogues(owner) {
        let head = door
            .catalogue
            .ledger()
            .head(&iri)
            .await
            .map_err(of_ledger)?;
        let Some(head) = head else { continue };
        let value: String = url::form_urlencoded::byte_serialize(iri.as_bytes()).collect();
        listed.push(Chosen {
            is_chosen: asked.catalogue.as_ref() == Some(&iri),
            link: Link::new(
                head.title.unwrap_or(head.path),
                format!("{root}/my?in={value}"),
            ),
        });
    }
    Ok(listed)
}

async fn desk(door: &Door, owner: &Owner) -> Result<Option<Desk>, WebError> {
    if !owner.actor.has(Role::Steward) {
        return Ok(None);
    }
    let waiting = door
        .catalogue
        .ledger()
        .last_words(EventKind::Submitted, LOOKED_AT_MAX)
        .await;
    let states = count_states(door, None).await?;
    let one = |(state, count): &(State, u64)| StateCount {
        standing: of_state(*state),
        count: *count,
        ..StateCount::default()
    };
    Ok(Some(Desk {
        states: states.iter().map(one).collect(),
        reviews: waiting.map_err(of_ledger)?.len() as u64,
    }))
}

async fn works(door: &Door, owner: &Owner) -> Result<Option<Works>, WebError> {
    if !owner.actor.has(Role::Operator) {
        return Ok(None);
    }
    let ledger = door.catalogue.ledger();
    let counts = ledger.webhook_counts().await.map_err(of_ledger)?;
    Ok(Some(Works {
        sends_mail: door.notify.sends_mail(),
        letters: ledger.count_to_mail().await.map_err(of_ledger)?,
        messages: counts.waiting,
        webhooks: counts.webhooks,
        failing: counts.failing,
        disabled: counts.disabled,
    }))
}

fn to_json(
    door: &Door,
    waiting: &[Waits],
    records: &[Judged],
    states: &[(State, u64)],
    told: &[Notice],
    unread: u64,
    language: &str,
) -> Value {
    let base = door.base().as_str();
    let waiting: Vec<Value> = waiting
        .iter()
        .map(|one| {
            json!({
                "event": one.kind.as_str(), "what": one.sentence(language), "record": one.iri,
                "url": format!("{base}{}", one.path), "since": one.at.to_string(), "words": one.words,
            })
        })
        .collect();
    let records: Vec<Value> = records
        .iter()
        .map(|one| {
            let next = one.next.as_ref();
            json!({
                "record": one.head.iri, "url": format!("{base}{}", one.head.path), "kind": one.head.kind,
                "title": one.head.title, "state": one.head.state.as_str(), "public": one.head.public.is_some(),
                "version": one.head.version, "points": one.points,
                "next": next.map(|(label, points)| json!({ "label": label, "points": points })),
                "changed": one.head.changed_at.to_string(),
            })
        })
        .collect();
    let states: serde_json::Map<String, Value> = states
        .iter()
        .map(|(state, count)| (state.to_string(), json!(count)))
        .collect();
    let told: Vec<Value> = told
        .iter()
        .map(|one| notices::to_json(base, one, language))
        .collect();
    json!({
        "unread": unread, "waiting": waiting, "states": states, "records": records, "notifications": told,
    })
}
