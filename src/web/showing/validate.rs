//! What does the page show that checks a document?

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::answer;
use crate::catalogue::{CatalogueError, Checked, Told, checked};
use crate::rdf::Format;
use crate::rdf::places::Places;
use crate::shacl::Severity as Level;
use crate::web::api;
use crate::web::error::{Answer, WebError};
use crate::web::pages::record::{Finding, Severity, Validation};
use crate::web::pages::site::Section;
use crate::web::pages::text::{Choice, Link, Text, Tone};
use crate::web::pages::validate::{Unreadable, ValidatePage};
use crate::web::server::{Door, language_of};

/// What a person may choose as format.
const FORMATS: [Format; 4] = [Format::Turtle, Format::JsonLd, Format::RdfXml, Format::TriG];

/// The empty form.
pub async fn validate_form(door: &Door, request: &HttpRequest) -> Answer {
    Ok(answer(
        StatusCode::OK,
        &page(door, request, String::new(), "", Format::Turtle),
    ))
}

/// The form as it was sent, with the report.
pub async fn validated(door: &Door, request: &HttpRequest, form: &[u8]) -> Answer {
    let (mut text, mut wanted, mut format) = (String::new(), String::new(), Format::Turtle);
    for (name, value) in url::form_urlencoded::parse(form) {
        match name.as_ref() {
            "text" => text = value.into_owned(),
            "profile" => wanted = value.into_owned(),
            "format" => format = Format::from_extension(&value).unwrap_or(format),
            _ => (),
        }
    }
    let chosen: Vec<String> = Some(wanted.clone())
        .into_iter()
        .filter(|name| !name.is_empty())
        .collect();
    let checks = api::check(door, text.clone().into_bytes(), format, chosen).await;
    let mut page = page(door, request, text, &wanted, format);
    match checks {
        Ok(checks) => {
            let places = Some(&checks.places);
            let one = |checked: &Checked| validation(door, request, checked, places);
            page.reports = checks.all.iter().map(one).collect();
        }
        Err(WebError::Catalogue(CatalogueError::Syntax(error))) => {
            page.unreadable = Some(Unreadable {
                message: error.message.clone(),
                line: error.line,
                column: error.column,
            });
        }
        Err(WebError::Catalogue(error)) => {
            page.unreadable = Some(Unreadable {
                message: error.to_string(),
                line: None,
                column: None,
            });
        }
        Err(error) => return Err(error),
    }
    Ok(answer(StatusCode::OK, &page))
}

fn page(
    door: &Door,
    request: &HttpRequest,
    text: String,
    wanted: &str,
    format: Format,
) -> ValidatePage {
    let language = language_of(request);
    let choice = |value: &str, label: &str, chosen: bool| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen,
    };
    let site = door.site_at(request, Section::Validate);
    let by_kind = choice("", words(language).by_kind, wanted.is_empty());
    let all = door.catalogue.profiles();
    let profiles = all
        .iter()
        .map(|one| choice(&one.name, one.title(language), one.name == wanted));
    let formats = FORMATS
        .iter()
        .map(|one| choice(one.extension(), one.name(), *one == format));
    ValidatePage {
        text,
        profiles: std::iter::once(by_kind).chain(profiles).collect(),
        formats: formats.collect(),
        site,
        ..ValidatePage::default()
    }
}

/// How a record fits a profile, for a page.
/// With the places of a document, each finding says on which line it is.
pub(super) fn validation(
    door: &Door,
    request: &HttpRequest,
    checked: &Checked,
    places: Option<&Places>,
) -> Validation {
    let language = language_of(request);
    let root = door.base().path_prefix();
    let title = door.catalogue.profiles().get(&checked.profile);
    let title = title.map_or_else(
        || checked.profile.clone(),
        |one| one.title(language).to_owned(),
    );
    let tone = match (checked.fits(), checked.warnings()) {
        (false, _) => Tone::Bad,
        (true, 0) => Tone::Good,
        (true, _) => Tone::Care,
    };
    let words = words(language);
    let outcome = match tone {
        Tone::Bad => words.bad,
        Tone::Good => words.good,
        _ => words.care,
    };
    let link = format!("{root}/validate?profile={}", checked.profile);
    Validation {
        profile: Link::new(title, link),
        outcome: outcome.to_owned(),
        tone,
        findings: checked
            .sorted()
            .map(|told| Finding {
                line: places
                    .and_then(|places| checked.place(told.result, places))
                    .map(|place| place.line),
                ..finding(told, language)
            })
            .collect(),
    }
}

struct Words {
    by_kind: &'static str,
    bad: &'static str,
    good: &'static str,
    care: &'static str,
}

fn words(language: &str) -> Words {
    let (by_kind, bad, good, care) = match language {
        "de" => (
            "Das Profil der Art des Eintrags",
            "passt nicht",
            "passt",
            "passt, kann besser werden",
        ),
        "fr" => (
            "Le profil du type de notice",
            "non conforme",
            "conforme",
            "conforme, à améliorer",
        ),
        "es" => (
            "El perfil del tipo de registro",
            "no conforme",
            "conforme",
            "conforme, mejorable",
        ),
        "it" => (
            "Il profilo del tipo di scheda",
            "non conforme",
            "conforme",
            "conforme, migliorabile",
        ),
        _ => (
            "The profile of the record's kind",
            "does not fit",
            "fits",
            "fits, could be better",
        ),
    };
    Words {
        by_kind,
        bad,
        good,
        care,
    }
}

fn finding(told: Told<'_>, language: &str) -> Finding {
    let result = told.result;
    let severity = match result.severity {
        Level::Violation => Severity::Violation,
        Level::Warning => Severity::Warning,
        _ => Severity::Info,
    };
    Finding {
        severity,
        message: Text::plain(result.message(language)),
        path: Some(checked::label(result, language)),
        focus: None,
        line: None,
        value: told.value(language),
        advice: told.advice.map(|advice| advice.sentence(language)),
    }
}
