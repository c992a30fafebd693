//! What stands in a form when it is opened for the first time?

use actix_web::HttpRequest;
use rustc_hash::FxHashSet;

use super::desk::{Desk, Writing, owner, window};
use crate::catalogue::form::{self, Input, Row};
use crate::catalogue::{CatalogueError, Lookup, State, incoming};
use crate::ledger::{HeadFilter, ROWS_MAX};
use crate::rdf::vocabulary::{adms, dcat, dcatap, dct, dpv, geodcatap, healthdcatap, rdf};
use crate::rdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use crate::web::server::parameter;

/// What a provider's records have in common.
const USUAL: [NamedNodeRef<'static>; 19] = [
    dct::PUBLISHER,
    dct::CREATOR,
    dcat::CONTACT_POINT,
    geodcatap::CUSTODIAN,
    healthdcatap::HDAB,
    healthdcatap::HEALTH_CATEGORY,
    healthdcatap::HEALTH_THEME,
    healthdcatap::RETENTION_PERIOD,
    dcat::THEME,
    dcatap::APPLICABLE_LEGISLATION,
    dpv::HAS_LEGAL_BASIS,
    dpv::HAS_PURPOSE,
    dct::ACCESS_RIGHTS,
    dct::RIGHTS,
    dct::LICENSE,
    dct::LANGUAGE,
    dct::SPATIAL,
    dct::ACCRUAL_PERIODICITY,
    dct::PROVENANCE,
];

/// Names the record that a template was made from.
pub const TEMPLATE_OF: &str = "_of";

/// What belongs to one record and not to its copy.
const OWN: [NamedNodeRef<'static>; 7] = [
    dct::IDENTIFIER,
    adms::IDENTIFIER,
    dct::ISSUED,
    dct::MODIFIED,
    dcat::HAS_VERSION,
    dcat::PREVIOUS_VERSION,
    adms::VERSION_NOTES,
];

/// The writing of a record that nobody has typed in yet: as it is stored, or what a new one begins with.
pub async fn begin(desk: &Desk, request: &HttpRequest) -> Result<Writing, CatalogueError> {
    if let Some(newest) = &desk.newest {
        let mut triples = newest.triples.clone();
        let distinct: FxHashSet<Triple> = triples.iter().cloned().collect();
        if distinct.len() < triples.len() {
            triples = distinct.into_iter().collect();
        }
        return Ok(Writing {
            sheet: desk.fill(triples).await?,
            base: newest.head.version,
            client: window(),
            turn: 1,
            ..Writing::default()
        });
    }
    let with = parameter(request, "with").unwrap_or_default();
    if let Some(name) = with.strip_prefix("template:") {
        let ledger = desk.view.catalogue().ledger();
        let templates = ledger.templates(&owner(desk.view.actor())).await?;
        let found = templates.into_iter().find(|one| one.name == name);
        if let Some(template) = found {
            let writing = of_template(desk, &template.content);
            return Ok(ready(desk, request, writing));
        }
    }
    let triples = match with.split_once(':') {
        _ if with == "last" => usual(desk, &last(desk).await?),
        Some(("copy", path)) => copy(desk, path).await?,
        Some(("version", path)) => version(desk, path).await?,
        _ => Vec::new(),
    };
    let sheet = desk.fill(triples).await?;
    let writing = Writing {
        sheet,
        client: window(),
        turn: 1,
        ..Writing::default()
    };
    Ok(ready(desk, request, writing))
}

/// A template with the hash IRIs of this record instead of those of the record that it was made from.
fn of_template(desk: &Desk, content: &str) -> Writing {
    let pairs = url::form_urlencoded::parse(content.as_bytes());
    let mut pairs: Vec<(String, String)> = pairs.into_owned().collect();
    let of = pairs.iter().find(|(name, _)| name == TEMPLATE_OF);
    if let Some((_, old)) = of.cloned() {
        let (old, new) = (format!("<{old}#"), format!("<{}#", desk.iri.as_str()));
        for (_, value) in &mut pairs {
            *value = value.replace(&old, &new);
        }
    }
    Writing {
        client: window(),
        turn: 1,
        ..Writing::of_pairs(&pairs)
    }
}

/// A new record has its types, its identifier, the usual values of its fields, and a place for what must be there.
fn ready(desk: &Desk, request: &HttpRequest, mut writing: Writing) -> Writing {
    let sheet = &mut writing.sheet;
    sheet.root.name = desk.iri.to_string();
    for class in &desk.kind.classes {
        if !sheet.root.types.contains(class) {
            sheet.root.types.push(class.clone());
        }
    }
    let parent = parameter(request, "in").filter(|iri| NamedNode::new(iri).is_ok());
    if parent.is_some() {
        sheet.parent = parent;
    }
    let identifier = Term::from(Literal::new_simple_literal(desk.iri.as_str()));
    let fields: Vec<(String, Term)> = desk
        .form
        .fields()
        .filter_map(|field| {
            let own = (field.path == dct::IDENTIFIER).then(|| identifier.clone());
            Some((field.key.clone(), own.or_else(|| field.default.clone())?))
        })
        .collect();
    for (key, value) in fields {
        let Some(field) = desk.form.field_at(&key) else {
            continue;
        };
        let text = if let Input::Choice(_) = field.input {
            value.to_string()
        } else {
            let ontology = desk.view.catalogue().ontology();
            form::shown(&value, &field.input, ontology, desk.language)
        };
        if let Some(rows) = sheet.rows_mut(&key)
            && rows.is_empty()
        {
            rows.push(Row {
                text,
                kept: Some(value),
                ..Row::default()
            });
        }
    }
    desk.add_needed(sheet, "");
    writing
}

/// The last record of this writer of the same kind.
async fn last(desk: &Desk) -> Result<Vec<Triple>, CatalogueError> {
    let filter = HeadFilter {
        kind: Some(desk.kind.name.clone()),
        owner: Some(desk.view.actor().name().to_owned()),
        ..HeadFilter::default()
    };
    let ledger = desk.view.catalogue().ledger();
    let heads = ledger.heads(&filter, 0, ROWS_MAX).await?;
    let living = heads.into_iter().rfind(|head| head.state != State::Deleted);
    match living {
        Some(head) => about(desk, &head.path).await,
        None => Ok(Vec::new()),
    }
}

/// What is said of another record that this writer may read, in the name of this one.
async fn about(desk: &Desk, path: &str) -> Result<Vec<Triple>, CatalogueError> {
    let view = &desk.view;
    let (iri, mut triples, parent) = match view.newest(path).await {
        Ok(Some(newest)) => (newest.head.iri, newest.triples, newest.head.parent),
        Ok(None) => return Err(CatalogueError::NotFound(path.to_owned())),
        // Somebody else's record can be copied when it is public.
        Err(CatalogueError::Denied(_)) => match view.lookup(path).await? {
            Lookup::Found(record) => {
                let triples = view.sent(&record).await?;
                (record.iri.into_string(), triples, None)
            }
            Lookup::Gone(_) | Lookup::Missing => {
                return Err(CatalogueError::NotFound(path.to_owned()));
            }
        },
        Err(error) => return Err(error),
    };
    let subject = NamedOrBlankNode::from(NamedNode::new_unchecked(iri));
    incoming::rename(&mut triples, &subject, &desk.iri);
    let itself = NamedOrBlankNode::from(desk.iri.clone());
    let says = |triple: &Triple| triple.subject == itself && triple.predicate == dct::IS_PART_OF;
    if let Some(parent) = parent
        && !triples.iter().any(says)
    {
        let parent = NamedNode::new_unchecked(parent);
        triples.push(Triple::new(desk.iri.clone(), dct::IS_PART_OF, parent));
    }
    Ok(triples)
}

/// What the records of a provider have in common, and what hangs below it.
fn usual(desk: &Desk, triples: &[Triple]) -> Vec<Triple> {
    let itself = NamedOrBlankNode::from(desk.iri.clone());
    let kept = |triple: &Triple| {
        let usual = USUAL.iter().any(|path| triple.predicate == *path);
        usual || triple.predicate == dct::IS_PART_OF || triple.predicate == rdf::TYPE
    };
    let of_itself: Vec<Triple> = triples
        .iter()
        .filter(|triple| triple.subject == itself && kept(triple))
        .cloned()
        .collect();
    let mut all = of_itself;
    let mut seen: FxHashSet<NamedOrBlankNode> = FxHashSet::from_iter([itself]);
    let mut at = 0;
    while let Some(triple) = all.get(at) {
        at += 1;
        let below = match &triple.object {
            Term::NamedNode(iri) => NamedOrBlankNode::from(iri.clone()),
            Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::Literal(_) | Term::Triple(_) => continue,
        };
        if seen.insert(below.clone()) {
            let said = triples.iter().filter(|triple| triple.subject == below);
            all.extend(said.cloned());
        }
    }
    all
}

async fn copy(desk: &Desk, path: &str) -> Result<Vec<Triple>, CatalogueError> {
    Ok(common(&desk.iri, about(desk, path).await?))
}

/// What may be said of another record, too.
pub fn common(iri: &NamedNode, mut triples: Vec<Triple>) -> Vec<Triple> {
    let itself = NamedOrBlankNode::from(iri.clone());
    triples.retain(|triple| {
        let own = OWN.iter().any(|path| triple.predicate == *path);
        triple.subject != itself || !own
    });
    triples
}

/// A copy that follows its original.
async fn version(desk: &Desk, path: &str) -> Result<Vec<Triple>, CatalogueError> {
    let mut triples = copy(desk, path).await?;
    let head = desk.view.catalogue().ledger().head_by_path(path).await?;
    let Some(head) = head else {
        return Ok(triples);
    };
    let itself = NamedOrBlankNode::from(desk.iri.clone());
    for triple in &mut triples {
        if triple.subject == itself
            && triple.predicate == dcat::VERSION
            && let Term::Literal(version) = &triple.object
        {
            triple.object = Literal::new_simple_literal(next(version.value())).into();
        }
    }
    let previous = NamedNode::new_unchecked(head.iri);
    triples.push(Triple::new(
        desk.iri.clone(),
        dcat::PREVIOUS_VERSION,
        previous,
    ));
    Ok(triples)
}

/// `1.2.3` is followed by `1.3.0`; what is no such number stays for the person to change.
fn next(version: &str) -> String {
    let parts: Vec<&str> = version.split('.').collect();
    let [major, minor, _] = parts[..] else {
        return version.to_owned();
    };
    match (major.parse::<u64>(), minor.parse::<u64>()) {
        (Ok(major), Ok(minor)) if major < 1900 => format!("{major}.{}.0", minor.saturating_add(1)),
        _ => version.to_owned(),
    }
}
