//! What does the page of many records show: those to choose from, what would become of them, what was done before?

use actix_web::HttpRequest;

use crate::auth::{Role, Wish};
use crate::catalogue::bulk::{BulkWish, Deed, Planned};
use crate::catalogue::lifecycle::Stage;
use crate::catalogue::projection::blocking;
use crate::catalogue::setting::settable;
use crate::catalogue::{CatalogueError, View};
use crate::ledger::{BulkLine, Head, HeadFilter, Seen, State};
use crate::search::{SearchQuery, Sort};
use crate::web::edit;
use crate::web::error::WebError;
use crate::web::pages::bulk::{BulkNotice, BulkPage, BulkRow, DoneBefore, Set, Values};
use crate::web::pages::edit::Words;
use crate::web::pages::site::Section;
use crate::web::pages::text::{Choice, Link, Text};
use crate::web::server::{Door, page_language, parameter, parameters};

/// Records of a page.
const ROWS_MAX: usize = 100;
/// Further choices of a search that are carried along.
const FACETS_MAX: usize = 50;
/// What the address says besides the choices of a search.
const OWN: [&str; 9] = [
    "q", "in", "state", "after", "all", "lang", "done", "undone", "format",
];

/// Which records are wanted.
struct Asked {
    query: String,
    facets: Vec<(String, String)>,
    catalogue: Option<String>,
    state: Option<State>,
    after: i64,
    is_all: bool,
}

impl Asked {
    fn of(request: &HttpRequest) -> Self {
        let text = |name: &str| parameter(request, name).filter(|text| !text.trim().is_empty());
        let facets = parameters(request).into_iter();
        let facets =
            facets.filter(|(name, value)| !OWN.contains(&name.as_str()) && !value.is_empty());
        Self {
            query: text("q").unwrap_or_default(),
            facets: facets.take(FACETS_MAX).collect(),
            catalogue: text("in"),
            state: text("state").and_then(|word| State::from_word(&word)),
            after: text("after")
                .and_then(|text| text.parse().ok())
                .unwrap_or(0),
            is_all: text("all").is_some(),
        }
    }

    fn is_search(&self) -> bool {
        !self.query.is_empty() || !self.facets.is_empty()
    }

    fn address(&self, root: &str, after: i64, is_all: bool) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        pairs.extend_pairs(&self.facets);
        let state = self.state.map(State::as_str);
        for (name, value) in [
            (
                "q",
                Some(self.query.as_str()).filter(|text| !text.is_empty()),
            ),
            ("in", self.catalogue.as_deref()),
            ("state", state),
            ("all", is_all.then_some("yes")),
        ] {
            pairs.extend_pairs(value.map(|value| (name, value)));
        }
        if after > 0 {
            pairs.append_pair("after", &after.to_string());
        }
        format!("{root}/bulk?{}", pairs.finish())
    }
}

/// The page with records to choose from.
pub async fn bulk(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    notice: Option<BulkNotice>,
) -> Result<BulkPage, WebError> {
    let asked = Asked::of(request);
    let site = door.site_at(request, Section::Elsewhere);
    let (heads, next) = heads(door, view, &asked).await?;
    let language = page_language(request);
    let fields = fields(door, &heads, language.code()).await?;
    let mut rows = Vec::with_capacity(heads.len());
    for head in heads {
        let review = door.catalogue.ledger().review(&head.iri).await;
        let review = review.map_err(CatalogueError::from)?;
        rows.push(BulkRow {
            from: Some(Stage::of(&head, review.as_ref())),
            record: named(&site.root, head.title.as_deref(), &head.path),
            iri: head.iri,
            is_chosen: asked.is_all,
            ..BulkRow::default()
        });
    }
    let words = Words(language);
    let done = door.catalogue.bulks_of(view.actor()).await?;
    Ok(BulkPage {
        notice,
        rows,
        places: places(view, &asked, BulkPage::mine(&site)).await?,
        states: states(&asked, words, BulkPage::any_state(&site)),
        all_href: (!asked.is_all).then(|| asked.address(&site.root, asked.after, true)),
        next_href: next.map(|after| asked.address(&site.root, after, asked.is_all)),
        steps: deeds(view),
        fields,
        done: before(&site.root, &done),
        query: asked.query,
        facets: asked.facets,
        site,
        ..BulkPage::default()
    })
}

/// The page with what would become of those that were chosen.
pub async fn bulk_plan(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    (wish, planned): (&BulkWish, &[Planned]),
    notice: Option<BulkNotice>,
) -> Result<BulkPage, WebError> {
    let site = door.site_at(request, Section::Elsewhere);
    let row = |one: &Planned| {
        let path = door.base().path(&one.iri).unwrap_or(&one.iri).to_owned();
        BulkRow {
            iri: one.iri.clone(),
            record: named(&site.root, one.title.as_deref(), &path),
            from: one.from,
            to: one.to,
            problem: one.problem.clone(),
            is_chosen: one.problem.is_none(),
            values: one.change().map(|change| Values {
                before: change.before.clone(),
                after: change.after.clone(),
            }),
        }
    };
    let named = planned.iter().find_map(Planned::change);
    let set = wish.setting.as_ref().map(|setting| Set {
        field: setting.field.clone(),
        name: named.map_or_else(|| setting.field.clone(), |change| change.property.clone()),
        value: setting.value.clone(),
        language: setting.language.clone().unwrap_or_default(),
        adds: setting.adds,
    });
    let done = door.catalogue.bulks_of(view.actor()).await?;
    Ok(BulkPage {
        notice,
        rows: planned.iter().map(row).collect(),
        planned: Some(wish.deed),
        set,
        reason: wish.reason.clone().unwrap_or_default(),
        done: before(&site.root, &done),
        site,
        ..BulkPage::default()
    })
}

/// The records that somebody may work on, and after which one the list goes on.
async fn heads(
    door: &Door,
    view: &View,
    asked: &Asked,
) -> Result<(Vec<Head>, Option<i64>), WebError> {
    let ledger = door.catalogue.ledger();
    if asked.is_search() {
        let mut heads = Vec::new();
        for iri in found(door, asked).await? {
            let head = ledger.head(&iri).await.map_err(CatalogueError::from)?;
            heads.extend(head.filter(|head| is_theirs(door, view, head)));
        }
        heads.retain(|head| asked.state.is_none_or(|state| head.state == state));
        return Ok((heads, None));
    }
    let listed = match &asked.catalogue {
        Some(catalogue) => {
            let seen = Seen::All;
            ledger
                .children(catalogue, None, seen, asked.after, ROWS_MAX)
                .await
        }
        None => {
            let filter = HeadFilter {
                owner: Some(view.actor().name().to_owned()),
                state: asked.state,
                ..HeadFilter::default()
            };
            ledger.heads(&filter, asked.after, ROWS_MAX).await
        }
    };
    let mut heads = listed.map_err(CatalogueError::from)?;
    let next = heads.last().map(|last| last.record);
    let next = next.filter(|_| heads.len() == ROWS_MAX);
    heads.retain(|head| {
        let fits = asked.state.is_none_or(|state| head.state == state);
        fits && head.state != State::Deleted && is_theirs(door, view, head)
    });
    Ok((heads, next))
}

async fn found(door: &Door, asked: &Asked) -> Result<Vec<String>, WebError> {
    let mut pairs = asked.facets.clone();
    pairs.push(("q".to_owned(), asked.query.clone()));
    let query = SearchQuery {
        sort: Sort::Newest,
        after: None,
        limit: ROWS_MAX,
        ..SearchQuery::from_pairs(&pairs)
    };
    let index = door.index.clone();
    let hits = blocking(move || {
        let page = index.search(&query);
        let page = page.map_err(|error| CatalogueError::Interrupted(error.to_string()))?;
        Ok::<_, CatalogueError>(page.hits.into_iter().map(|hit| hit.iri).collect())
    });
    Ok(hits.await?)
}

/// Whether somebody works on a record: what one may only read is nothing to choose.
fn is_theirs(door: &Door, view: &View, head: &Head) -> bool {
    let may = |wish| door.catalogue.may(view.actor(), wish, head).is_allowed();
    may(Wish::Replace) || may(Wish::Publish) || may(Wish::Approve)
}

async fn places(view: &View, asked: &Asked, mine: &str) -> Result<Vec<Choice>, WebError> {
    let mut places = vec![Choice {
        value: String::new(),
        label: mine.to_owned(),
        chosen: asked.catalogue.is_none(),
    }];
    for mut choice in edit::catalogues(view).await? {
        choice.chosen = asked.catalogue.as_deref() == Some(choice.value.as_str());
        places.push(choice);
    }
    Ok(places)
}

fn states(asked: &Asked, words: Words, any: &str) -> Vec<Choice> {
    let mut states = vec![Choice {
        value: String::new(),
        label: any.to_owned(),
        chosen: asked.state.is_none(),
    }];
    let listed = [State::Draft, State::Published, State::Withdrawn];
    states.extend(listed.map(|state| Choice {
        value: state.as_str().to_owned(),
        label: words.state(state).to_owned(),
        chosen: asked.state == Some(state),
    }));
    states
}

/// What somebody with such roles can ever do to many records.
fn deeds(view: &View) -> Vec<Deed> {
    let writes = view.actor().has(Role::Provider);
    let deeds = Deed::ALL.into_iter();
    deeds
        .filter(|deed| writes || *deed == Deed::Publish)
        .collect()
}

/// The properties that some of the records can be given a value for.
async fn fields(
    door: &Door,
    heads: &[Head],
    language: &'static str,
) -> Result<Vec<Choice>, CatalogueError> {
    let mut kinds: Vec<String> = heads.iter().map(|head| head.kind.clone()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let catalogue = door.catalogue.clone();
    blocking(move || {
        let mut fields: Vec<Choice> = Vec::new();
        for kind in kinds {
            let Some(form) = catalogue.form_of(&kind)? else {
                continue;
            };
            for (key, name) in settable(&form, language) {
                if !fields.iter().any(|field| field.value == key) {
                    fields.push(Choice {
                        value: key.to_owned(),
                        label: name.to_owned(),
                        chosen: false,
                    });
                }
            }
        }
        fields.sort_by_key(|field| field.label.to_lowercase());
        Ok::<_, CatalogueError>(fields)
    })
    .await
}

fn before(root: &str, done: &[BulkLine]) -> Vec<DoneBefore> {
    let one = |line: &BulkLine| DoneBefore {
        number: line.number,
        step: Deed::from_word(&line.step),
        records: line.records,
        date: line.at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        datetime: line.at.to_string(),
        undo_href: (!line.is_undone).then(|| format!("{root}/bulk/{}/undo", line.number)),
    };
    done.iter().map(one).collect()
}

/// A record by its title, else by its path.
fn named(root: &str, title: Option<&str>, path: &str) -> Link {
    let title = title.filter(|title| !title.is_empty());
    Link::new(Text::plain(title.unwrap_or(path)), format!("{root}{path}"))
}
