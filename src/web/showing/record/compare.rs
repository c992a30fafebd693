//! What do several records say, property by property?

use std::sync::Arc;

use actix_web::HttpRequest;

use super::facts::Facts;
use super::words::{self, say};
use super::{access, fields, links, table};
use crate::catalogue::{CatalogueError, Lookup, Record, View};
use crate::rdf::Triple;
use crate::rdf::vocabulary::{dcat, dct, foaf};
use crate::web::error::WebError;
use crate::web::pages::compare::{Cell, ComparePage, Compared, Group, Row};
use crate::web::pages::record::{PropertyGroup, Value};
use crate::web::pages::site::Section;
use crate::web::pages::text::Text;
use crate::web::server::{Door, language_of, parameter};

/// Longer texts are cut: they are read on the record's own page.
const TEXT_CHARS_MAX: usize = 400;
/// The value of `only` that leaves out what is the same.
const DIFFERENT: &str = "differences";

/// The records side by side, in the order in which they are named by IRI or path.
pub async fn comparison(
    door: &Door,
    request: &HttpRequest,
    ids: &[String],
) -> Result<ComparePage, WebError> {
    let view = door.view(request).await?;
    let site = door.site_at(request, Section::Search);
    let mut page = ComparePage::default();
    for (column, id) in ids.iter().enumerate() {
        let record = find(&view, id).await?;
        let (title, groups) = told(door, request, &view, &record).await?;
        let kind = door.catalogue.kinds().by_name(&record.kind);
        let others = ids.iter().filter(|other| *other != id);
        page.records.push(Compared {
            iri: record.iri.as_str().to_owned(),
            href: format!("{}{}", site.root, record.path),
            title,
            kind: kind
                .map_or(record.kind.as_str(), |kind| {
                    kind.title(language_of(request))
                })
                .to_owned(),
            without_href: address(&site.root, others),
        });
        for group in groups {
            add(&mut page.groups, group, column);
        }
    }
    let columns = page.records.len();
    let mut differing = 0;
    for row in page.groups.iter_mut().flat_map(|group| &mut group.rows) {
        row.cells.resize_with(columns, Cell::default);
        row.differs = row.cells.windows(2).any(|pair| !same(&pair[0], &pair[1]));
        differing += u64::from(row.differs);
    }
    page.differing = differing;
    if columns > 1 {
        let all = address(&site.root, ids.iter());
        let is_cut = parameter(request, "only").is_some_and(|only| only == DIFFERENT);
        if is_cut {
            for group in &mut page.groups {
                group.rows.retain(|row| row.differs);
            }
            page.groups.retain(|group| !group.rows.is_empty());
            page.all_href = Some(all);
        } else {
            page.only_href = Some(format!("{all}&only={DIFFERENT}"));
        }
    }
    page.site = site;
    Ok(page)
}

fn address<'a>(root: &str, ids: impl Iterator<Item = &'a String>) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(ids.map(|id| ("id", id)));
    format!("{root}/compare?{}", pairs.finish())
}

async fn find(view: &View, id: &str) -> Result<Record, CatalogueError> {
    if id.starts_with('/') {
        return view.record(id).await;
    }
    match view.lookup_iri(id).await? {
        Lookup::Found(record) => Ok(*record),
        Lookup::Gone(tombstone) => Err(CatalogueError::Gone(tombstone.iri.into_string())),
        Lookup::Missing => Err(CatalogueError::NotFound(id.to_owned())),
    }
}

/// The title of a record, and its properties as its own page groups them.
async fn told(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: &Record,
) -> Result<(Text, Vec<PropertyGroup>), WebError> {
    let language = language_of(request);
    let ontology = Arc::clone(door.catalogue.ontology());
    let snapshot = view.snapshot();
    let triples: Vec<Triple> = view.sent(record).await?;
    let root = door.base().path_prefix();
    let mut facts = Facts::new(&record.iri, &triples, &ontology, language, root);
    links::meet(view, &mut facts, &snapshot, &triples).await?;
    facts.table = table(door, record)?;
    let distributions = access::nodes(&facts);
    let own = access::own_nodes(&facts, &distributions);
    let titles = facts
        .own(dct::TITLE)
        .into_iter()
        .chain(facts.own(foaf::NAME));
    let title = facts.best(&titles.collect::<Vec<_>>());
    let title = title.unwrap_or_else(|| Text::plain(record.name()));
    let mut groups = Vec::new();
    if let Some(description) = facts.best(&facts.own(dct::DESCRIPTION)) {
        let name = facts.name(dct::DESCRIPTION.as_str());
        groups.push(PropertyGroup {
            label: name.clone(),
            properties: vec![crate::web::pages::record::Property {
                label: Text::plain(name),
                iri: dct::DESCRIPTION.as_str().to_owned(),
                values: vec![Value {
                    text: description,
                    ..Value::default()
                }],
            }],
            ..PropertyGroup::default()
        });
    }
    let distribution = format!("{}: ", facts.name(dcat::DISTRIBUTION.as_str()));
    let other = format!("{}: ", say(words::OTHER, language));
    for mut group in fields::groups(&facts, &own) {
        // What hangs below nothing has no counterpart in another record.
        if group.label.starts_with(&other) {
            continue;
        }
        // Distributions have names of their own; they are compared all together.
        if group.label.starts_with(&distribution) {
            distribution
                .trim_end_matches(": ")
                .clone_into(&mut group.label);
        }
        groups.push(group);
    }
    Ok((title, groups))
}

/// Puts the properties of one record into its column.
fn add(groups: &mut Vec<Group>, from: PropertyGroup, column: usize) {
    let at = groups.iter().position(|group| group.label == from.label);
    let at = at.unwrap_or_else(|| {
        groups.push(Group {
            label: from.label,
            rows: Vec::new(),
        });
        groups.len() - 1
    });
    let rows = &mut groups[at].rows;
    for property in from.properties {
        let known = rows.iter().position(|row| row.iri == property.iri);
        let known = known.unwrap_or_else(|| {
            rows.push(Row {
                iri: property.iri,
                label: property.label,
                ..Row::default()
            });
            rows.len() - 1
        });
        let cells = &mut rows[known].cells;
        if cells.len() <= column {
            cells.resize_with(column + 1, Cell::default);
        }
        for mut value in property.values {
            if value.text.value.chars().count() > TEXT_CHARS_MAX {
                let start: String = value.text.value.chars().take(TEXT_CHARS_MAX).collect();
                value.text.value = format!("{start}…");
            }
            if !cells[column]
                .values
                .iter()
                .any(|known| told_as(known) == told_as(&value))
            {
                cells[column].values.push(value);
            }
        }
    }
}

fn told_as(value: &Value) -> (&str, Option<&str>) {
    (&value.text.value, value.code.as_deref())
}

/// Whether two records say the same, in whatever order.
fn same(one: &Cell, other: &Cell) -> bool {
    let mut one: Vec<_> = one.values.iter().map(told_as).collect();
    let mut other: Vec<_> = other.values.iter().map(told_as).collect();
    one.sort_unstable();
    other.sort_unstable();
    one == other
}
