//! What do the pages of a record's profiles show?

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::record::itself;
use super::validate::validation;
use crate::catalogue::rendition::Offer;
use crate::catalogue::{Profile, Record};
use crate::crosswalk::rendition::{Note, What};
use crate::rdf::vocabulary::short;
use crate::rdf::{Format, NamedNode};
use crate::web::pages::profiles::{
    Done, NoteRow, NoteTable, PreflightPage, ProfileRow, ProfilesPage,
};
use crate::web::pages::site::Section;
use crate::web::pages::text::{Download, Link};
use crate::web::profiles::{Verdict, address};
use crate::web::server::{Door, language_of};

/// The formats that are offered to people.
const FORMATS: [Format; 3] = [Format::Turtle, Format::JsonLd, Format::RdfXml];
/// What was done, in the order of the page.
const TABLES: [(What, Done); 3] = [
    (What::Rewritten, Done::Rewritten),
    (What::Added, Done::Added),
    (What::LeftOut, Done::LeftOut),
];

/// In which profiles a record can be had.
pub fn profiles(
    door: &Door,
    request: &HttpRequest,
    record: &Record,
    verdicts: &[Verdict],
) -> HttpResponse {
    let site = door.site_at(request, Section::Elsewhere);
    let here = format!("{}{}/profiles", site.root, record.path);
    let language = language_of(request);
    let row = |verdict: &Verdict| {
        let offer = &verdict.rendition.offer;
        let told = validation(door, request, &verdict.checked, None);
        let title = offer.profile.title(language).to_owned();
        ProfileRow {
            preflight: Link::new(title, format!("{here}/{}", offer.profile.name)),
            token: offer.profile.name.clone(),
            as_sent: offer.is_own(),
            outcome: told.outcome,
            tone: told.tone,
            downloads: downloads(door, record, offer),
        }
    };
    let page = ProfilesPage {
        record: itself(&site.root, record),
        profiles: verdicts.iter().map(row).collect(),
        site,
    };
    answer(StatusCode::OK, &page)
}

/// How a record fits a profile, and what was done to it.
pub fn preflight(
    door: &Door,
    request: &HttpRequest,
    record: &Record,
    verdict: &Verdict,
) -> HttpResponse {
    let site = door.site_at(request, Section::Elsewhere);
    let here = format!("{}{}/profiles", site.root, record.path);
    let language = language_of(request);
    let offer = &verdict.rendition.offer;
    let notes = &verdict.rendition.notes;
    let labels = Labels::of(&offer.from, language);
    let tables = TABLES.map(|(what, done)| {
        let of = notes.all().iter().filter(|note| note.what == what);
        let rows = of.map(|note| labels.row(note)).collect();
        NoteTable { done, rows }
    });
    let tables = tables.into_iter().filter(|table| !table.rows.is_empty());
    let report = |label: &str, extension: &str, media_type: &str| Download {
        label: label.to_owned(),
        href: format!("{here}/{}?format={extension}", offer.profile.name),
        media_type: media_type.to_owned(),
    };
    let page = PreflightPage {
        record: itself(&site.root, record),
        profiles_href: here.clone(),
        validation: validation(door, request, &verdict.checked, None),
        as_sent: offer.is_own(),
        tables: tables.collect(),
        more: notes.more,
        downloads: downloads(door, record, offer),
        reports: vec![
            report("JSON", "json", "application/json"),
            report("SHACL (Turtle)", "ttl", "text/turtle"),
        ],
        site,
    };
    answer(StatusCode::OK, &page)
}

fn downloads(door: &Door, record: &Record, offer: &Offer) -> Vec<Download> {
    let one = |format: Format| Download {
        label: format.name().to_owned(),
        href: address(door.base(), &record.path, offer, format),
        media_type: format.media_type().to_owned(),
    };
    FORMATS.map(one).into()
}

/// What the fields of the record's own profile are called.
struct Labels(Vec<(NamedNode, String)>);

impl Labels {
    fn of(profile: &Profile, language: &str) -> Self {
        let fields = profile.fields();
        let labelled = fields.iter().filter_map(|shape| {
            let property = shape.path.predicate()?;
            Some((property.clone(), shape.field.name(language)?.to_owned()))
        });
        Self(labelled.collect())
    }

    fn name(&self, property: &NamedNode) -> String {
        let known = self.0.iter().find(|(known, _)| known == property);
        let code = short(property.as_str()).unwrap_or_else(|| property.as_str().to_owned());
        match known {
            Some((_, label)) => format!("{label} ({code})"),
            None => code,
        }
    }

    fn row(&self, note: &Note) -> NoteRow {
        NoteRow {
            property: note.property.as_ref().map(|property| self.name(property)),
            before: note.before.clone(),
            after: note.after.clone(),
            count: note.count as u64,
            because: note.because.clone(),
        }
    }
}
