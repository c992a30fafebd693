//! What do the pages of a record's past show?

use std::sync::Arc;

use actix_web::HttpRequest;

use super::facts::Facts;
use super::{access, fields, links, table, words};
use crate::auth::Wish;
use crate::catalogue::{Author, CatalogueError, Record, Step, View};
use crate::ledger::Confirmation;
use crate::rdf::Triple;
use crate::rdf::diff::Difference;
use crate::rdf::vocabulary::{dct, foaf};
use crate::web::error::WebError;
use crate::web::pages::history::{
    ChangedField, ChangedGroup, Confirmed, DifferencePage, HistoryPage, HistoryStep, Who,
};
use crate::web::pages::record::{Property, PropertyGroup, Value};
use crate::web::pages::site::Section;
use crate::web::pages::text::{Choice, Link, Text};
use crate::web::server::{Door, language_of};

/// Longer texts are cut in the words of a difference; the patch has them whole.
const TEXT_CHARS_MAX: usize = 600;

/// What is known of a record's past, as far as the reader may know it.
pub struct Told {
    pub steps: Vec<Step>,
    pub confirmations: Vec<(Confirmation, Author)>,
    /// The sequence number from before which there is more.
    pub next: Option<u64>,
    /// Whether there is something newer.
    pub is_older: bool,
}

/// The page of all that was done to a record.
pub async fn history(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: &Record,
    told: Told,
) -> Result<HistoryPage, WebError> {
    let language = language_of(request);
    let site = door.site_at(request, Section::Elsewhere);
    let here = format!("{}{}", site.root, record.path);
    let mut versions: Vec<u64> = told.steps.iter().map(|step| step.change.version).collect();
    versions.dedup();
    let mut current = false;
    let mut steps = Vec::with_capacity(told.steps.len());
    for step in &told.steps {
        let change = &step.change;
        let before = versions.iter().find(|version| **version < change.version);
        let is_current = !current && change.is_public && change.version == record.version;
        current |= is_current;
        steps.push(HistoryStep {
            number: change.version,
            href: format!("{here}/versions/{}?format=html", change.version),
            date: change.at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            datetime: change.at.to_string(),
            change: words::action(change.action, language).to_owned(),
            is_public: change.is_public,
            is_current,
            author: who(&step.author),
            reason: change.reason.clone(),
            difference_href: before
                .map(|before| format!("{here}/difference?from={before}&to={}", change.version)),
        });
    }
    let may_restore = versions.len() > 1 && view.may_on(record, Wish::Restore).await?;
    Ok(HistoryPage {
        record: itself(&site.root, record),
        steps,
        versions,
        difference_href: format!("{here}/difference"),
        restore_href: may_restore.then(|| format!("{here}/restore")),
        confirmations: told.confirmations.iter().map(confirmed).collect(),
        timemap_href: format!("{here}/timemap"),
        previous_href: told.is_older.then(|| format!("{here}/history")),
        next_href: told
            .next
            .map(|next| format!("{here}/history?before={next}")),
        site,
    })
}

/// A record under its own name.
pub fn itself(root: &str, record: &Record) -> Link {
    let path = if record.path.is_empty() {
        "/"
    } else {
        &record.path
    };
    Link::new(Text::plain(record.name()), format!("{root}{path}"))
}

/// Who did something, for a page.
pub fn who(author: &Author) -> Who {
    match author {
        Author::Person(name) => Who::Person(name.clone()),
        Author::Program(name) => Who::Program(name.clone()),
    }
}

fn confirmed((one, author): &(Confirmation, Author)) -> Confirmed {
    Confirmed {
        date: one.at.strftime("%Y-%m-%d").to_string(),
        datetime: one.at.to_string(),
        number: one.version,
        author: who(author),
        note: one.note.clone(),
    }
}

/// The page of the difference of two versions.
pub async fn difference(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: &Record,
    (from, to): (u64, u64),
    difference: &Difference,
) -> Result<DifferencePage, WebError> {
    let site = door.site_at(request, Section::Elsewhere);
    let here = format!("{}{}", site.root, record.path);
    let old = view.version(record, from).await?;
    let new = view.version(record, to).await?;
    let old = said(door, request, view, record, &old).await?;
    let new = said(door, request, view, record, &new).await?;
    let mut groups = changed(&old, &new);
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        field.say(&site);
    }
    Ok(DifferencePage {
        record: itself(&site.root, record),
        from,
        from_href: format!("{here}/versions/{from}?format=html"),
        to,
        to_href: format!("{here}/versions/{to}?format=html"),
        groups,
        removed: difference.removed.len() as u64,
        added: difference.added.len() as u64,
        patch_href: format!("{here}/difference?from={from}&to={to}&format=patch"),
        history_href: format!("{here}/history"),
        site,
    })
}

/// The fields that a version of a record has, each once, with its name.
pub async fn fields_of(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: &Record,
    version: u64,
) -> Result<Vec<Choice>, CatalogueError> {
    let triples = view.version(record, version).await?;
    let mut fields: Vec<Choice> = Vec::new();
    for property in said(door, request, view, record, &triples)
        .await?
        .into_iter()
        .flat_map(|group| group.properties)
    {
        if !fields.iter().any(|known| known.value == property.iri) {
            fields.push(Choice {
                value: property.iri,
                label: property.label.value,
                chosen: false,
            });
        }
    }
    Ok(fields)
}

/// What a version says, field by field, as the record's own page groups it.
async fn said(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: &Record,
    triples: &[Triple],
) -> Result<Vec<PropertyGroup>, CatalogueError> {
    let language = language_of(request);
    let ontology = Arc::clone(door.catalogue.ontology());
    let root = door.base().path_prefix();
    let mut facts = Facts::new(&record.iri, triples, &ontology, language, root);
    links::meet(view, &mut facts, &view.snapshot(), triples).await?;
    facts.table = table(door, record)?;
    let distributions = access::nodes(&facts);
    let own = access::own_nodes(&facts, &distributions);
    // The page has other places for titles and descriptions.
    let mut properties = Vec::new();
    for property in [dct::TITLE, foaf::NAME, dct::DESCRIPTION] {
        let values: Vec<Value> = facts
            .own(property)
            .into_iter()
            .map(|term| facts.value(term))
            .collect();
        if !values.is_empty() {
            properties.push(Property {
                label: Text::plain(facts.name(property.as_str())),
                iri: property.as_str().to_owned(),
                values,
            });
        }
    }
    let mut groups = vec![PropertyGroup {
        label: facts.name(dct::DESCRIPTION.as_str()),
        properties,
        ..PropertyGroup::default()
    }];
    for group in fields::groups(&facts, &own) {
        groups.push(without_names(group));
    }
    Ok(groups)
}

/// A name that is told above is not told again.
fn without_names(mut group: PropertyGroup) -> PropertyGroup {
    group
        .properties
        .retain(|property| property.iri != foaf::NAME.as_str());
    group
}

/// The fields in which two versions differ: those of the newer in its order, then those that are gone.
fn changed(old: &[PropertyGroup], new: &[PropertyGroup]) -> Vec<ChangedGroup> {
    let mut groups: Vec<ChangedGroup> = Vec::new();
    for group in new {
        for property in &group.properties {
            let before = values_of(old, &group.label, &property.iri);
            add(
                &mut groups,
                &group.label,
                property,
                before,
                &property.values,
            );
        }
    }
    for group in old {
        for property in &group.properties {
            if values_of(new, &group.label, &property.iri).is_empty() {
                add(&mut groups, &group.label, property, &property.values, &[]);
            }
        }
    }
    groups
}

fn values_of<'a>(groups: &'a [PropertyGroup], label: &str, iri: &str) -> &'a [Value] {
    let mut properties = groups
        .iter()
        .filter(|group| group.label == label)
        .flat_map(|group| &group.properties);
    let found = properties.find(|property| property.iri == iri);
    found.map_or(&[], |property| property.values.as_slice())
}

fn add(
    groups: &mut Vec<ChangedGroup>,
    label: &str,
    property: &Property,
    before: &[Value],
    after: &[Value],
) {
    let (removed, added) = (only(before, after), only(after, before));
    if removed.is_empty() && added.is_empty() {
        return;
    }
    let field = ChangedField {
        iri: property.iri.clone(),
        label: property.label.clone(),
        removed,
        added,
        words: String::new(),
    };
    match groups.iter_mut().find(|group| group.label == label) {
        Some(group) => group.fields.push(field),
        None => groups.push(ChangedGroup {
            label: label.to_owned(),
            fields: vec![field],
        }),
    }
}

fn only(these: &[Value], those: &[Value]) -> Vec<Value> {
    let known = |one: &Value| those.iter().any(|other| told_as(one) == told_as(other));
    let new = these.iter().filter(|one| !known(one)).cloned();
    new.map(cut).collect()
}

/// What makes two values the same to a reader.
fn told_as(value: &Value) -> (&str, Option<&str>, Option<&str>, Option<&str>, Option<&str>) {
    (
        &value.text.value,
        value.text.lang.as_deref(),
        value.code.as_deref(),
        value.href.as_deref(),
        value.note.as_deref(),
    )
}

fn cut(mut value: Value) -> Value {
    if value.text.value.chars().count() > TEXT_CHARS_MAX {
        let start: String = value.text.value.chars().take(TEXT_CHARS_MAX).collect();
        value.text.value = format!("{start}…");
    }
    value
}
