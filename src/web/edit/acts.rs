//! What does each button of the form do?

use super::desk::{Desk, RawText, Writing, account_of, owner};
use super::show::Shown;
use super::{vocabulary, ways};
use crate::catalogue::form::{Input, Reading, Row};
use crate::catalogue::merge::Merged;
use crate::catalogue::{CatalogueError, Saved, State, Written};
use crate::ledger::Template;
use crate::rdf::{Format, NamedNode, Term, Triple, format};
use crate::web::error::WebError;
use crate::web::pages::edit::Notice;

/// The longest name of a template.
const NAME_CHARS_MAX: usize = 100;

/// What comes after an act.
pub enum Done {
    /// The form again.
    Here(Box<Shown>),
    /// Another page, below the prefix.
    Elsewhere(String),
}

/// Does what a button says. Without a button, as when a person presses Enter, what was typed in is kept.
pub async fn act(
    desk: &Desk,
    writing: &mut Writing,
    pairs: &[(String, String)],
) -> Result<Done, WebError> {
    let wanted = pairs.iter().rfind(|(name, _)| name == "do");
    let wanted = wanted.map_or("keep", |(_, value)| value.as_str());
    let (verb, rest) = wanted.split_once('|').unwrap_or((wanted, ""));
    let mut shown = Shown {
        checked: pairs.iter().any(|(name, _)| name == "_checked"),
        ..Shown::default()
    };
    match verb {
        "draft" => return store(desk, writing, State::Draft).await,
        "publish" => return store(desk, writing, State::Published).await,
        "submit" => return submit(desk, writing).await,
        "discard" => {
            desk.forget(writing).await?;
            let address = match &desk.newest {
                Some(_) => desk.path.clone(),
                None => "/edit".to_owned(),
            };
            return Ok(Done::Elsewhere(address));
        }
        "check" => shown.checked = true,
        "mine" => {
            // The person has seen that there is another window, and decides for this one.
            writing.seen = desk.kept().await?.map_or(0, |kept| kept.seen);
            writing.client = super::desk::window();
            writing.turn = 1;
        }
        "merge" => merge(desk, writing, &mut shown).await?,
        "raw" => {
            let format = Format::from_extension(rest).unwrap_or(Format::Turtle);
            switch(desk, writing, Wish::Text(format)).await?;
        }
        "form" => switch(desk, writing, Wish::Form).await?,
        "template" => template(desk, writing, pairs, &mut shown).await?,
        _ => change(desk, writing, (verb, rest), &mut shown).await?,
    }
    settle(desk, writing).await?;
    Ok(Done::Here(Box::new(shown)))
}

/// Adds, takes away and fills in rows.
async fn change(
    desk: &Desk,
    writing: &mut Writing,
    (verb, rest): (&str, &str),
    shown: &mut Shown,
) -> Result<(), CatalogueError> {
    let ontology = desk.view.catalogue().ontology();
    match verb {
        "add" => {
            let row = empty_row(desk, rest);
            shown.focus = writing.sheet.add(rest, row);
        }
        "node" => shown.focus = desk.add_node(&mut writing.sheet, rest),
        "remove" => {
            writing.sheet.remove(rest);
            shown.focus = rest.rsplit_once('|').map(|(field, _)| field.to_owned());
        }
        "find" => {
            let (field, _) = rest.rsplit_once('|').unwrap_or((rest, ""));
            let words = writing.sheet.row_mut(rest).map(|row| row.text.clone());
            if let Some(field) = desk.form.field_at(field) {
                let words = words.unwrap_or_default();
                let hits = vocabulary::find(field, &words, ontology, desk.language);
                shown.hits = Some((rest.to_owned(), hits));
            }
            shown.focus = Some(rest.to_owned());
        }
        "below" => {
            if let Some((at, iri)) = rest.rsplit_once('|') {
                let hits = vocabulary::below(iri, ontology, desk.language);
                shown.hits = Some((at.to_owned(), hits));
                shown.focus = Some(at.to_owned());
            }
        }
        "pick" => {
            if let Some((at, iri)) = rest.rsplit_once('|') {
                pick(desk, writing, at, iri);
                shown.focus = Some(at.to_owned());
            }
        }
        "reuse" => {
            if let Some(field) = desk.form.field_at(rest) {
                let offers = vocabulary::offers(desk, writing, field).await?;
                shown.offers = Some((rest.to_owned(), offers));
            }
            shown.focus = Some(rest.to_owned());
        }
        "use" => {
            if let Some((at, record)) = rest.rsplit_once('|') {
                let taken = vocabulary::take(desk, &mut writing.sheet, at, record).await?;
                shown.focus = taken.or_else(|| Some(at.to_owned()));
            }
        }
        _ => (),
    }
    Ok(())
}

/// A row to type into. The first one of a field that shows an empty row without having one stays empty.
fn empty_row(desk: &Desk, field: &str) -> Row {
    let input = desk.form.field_at(field).map(|field| &field.input);
    let has_language = matches!(
        input,
        Some(Input::Text {
            languages: true,
            ..
        })
    );
    Row {
        language: has_language.then(|| desk.language.to_owned()),
        ..Row::default()
    }
}

fn pick(desk: &Desk, writing: &mut Writing, at: &str, iri: &str) {
    let Ok(iri) = NamedNode::new(iri) else { return };
    let (field, number) = at.rsplit_once('|').unwrap_or((at, "0"));
    if desk.form.field_at(field).is_none() {
        return;
    }
    let ontology = desk.view.catalogue().ontology();
    let label = ontology.label(iri.as_str(), desk.language);
    let text = label.unwrap_or(iri.as_str()).to_owned();
    let kept = Some(Term::from(iri));
    if let Some(row) = writing.sheet.row_mut(at) {
        row.text = text;
        row.kept = kept;
        return;
    }
    let number = number.parse().unwrap_or(0);
    if let Some(rows) = writing.sheet.rows_mut(field) {
        rows.push(Row {
            number,
            kept,
            text,
            ..Row::default()
        });
    }
}

/// Shows what was understood: a term by its name, a date in its form.
async fn settle(desk: &Desk, writing: &mut Writing) -> Result<(), CatalogueError> {
    if writing.raw.is_some() {
        return Ok(());
    }
    let reading = desk.read(writing).await?;
    let ontology = desk.view.catalogue().ontology();
    for placed in reading.placed {
        let (field, _) = placed.at.rsplit_once('|').unwrap_or((&placed.at, ""));
        let Some(field) = desk.form.field_at(field) else {
            continue;
        };
        let Some(row) = writing.sheet.row_mut(&placed.at) else {
            continue;
        };
        if row.node.is_some() || row.kept.as_ref() == Some(&placed.value) {
            continue;
        }
        row.text = match field.input {
            Input::Choice(_) => placed.value.to_string(),
            _ => {
                crate::catalogue::form::shown(&placed.value, &field.input, ontology, desk.language)
            }
        };
        row.kept = Some(placed.value);
    }
    Ok(())
}

/// What became of storing what is typed in.
enum Stored {
    Written {
        written: Box<Written>,
        taken: usize,
    },
    /// It was not stored; the form says why.
    Not(Box<Shown>),
}

async fn store(desk: &Desk, writing: &mut Writing, state: State) -> Result<Done, WebError> {
    let reading = desk.read(writing).await?;
    let (written, taken) = match stored(desk, writing, reading, state).await? {
        Stored::Written { written, taken } => (written, taken),
        Stored::Not(shown) => return Ok(Done::Here(shown)),
    };
    if state == State::Published {
        return Ok(Done::Elsewhere(written.path));
    }
    let merged = if taken > 0 {
        format!("&merged={taken}")
    } else {
        String::new()
    };
    Ok(Done::Elsewhere(format!(
        "/edit{}?stored=draft{merged}",
        written.path
    )))
}

/// Stores a draft and hands it in. What does not fit its profile is not handed in: nobody is to judge what can be
/// seen to be wrong.
async fn submit(desk: &Desk, writing: &mut Writing) -> Result<Done, WebError> {
    let reading = desk.read(writing).await?;
    if reading.unreadable.is_none() {
        let checked = desk.check(writing, &reading.triples).await?;
        if !checked.fits() {
            let refused = WebError::from(CatalogueError::Invalid(Box::new(checked)));
            settle(desk, writing).await?;
            return Ok(Done::Here(Box::new(Shown {
                checked: true,
                status: Some(refused.status()),
                notices: vec![Notice::NotHandedIn],
                ..Shown::default()
            })));
        }
    }
    match stored(desk, writing, reading, State::Draft).await? {
        Stored::Written { written, .. } => {
            ways::hand_in(desk, &written.path, written.version).await?;
            Ok(Done::Elsewhere(format!("{}/review", written.path)))
        }
        Stored::Not(shown) => Ok(Done::Here(shown)),
    }
}

async fn stored(
    desk: &Desk,
    writing: &mut Writing,
    reading: Reading,
    state: State,
) -> Result<Stored, WebError> {
    let mut shown = Shown {
        checked: true,
        ..Shown::default()
    };
    if reading.unreadable.is_some() {
        return Ok(Stored::Not(Box::new(shown)));
    }
    let edit = desk.edit(writing, reading.triples, Some(state));
    match desk.view.save(&edit, desk.single()).await {
        Ok(Saved::Written { written, taken }) => {
            desk.forget(writing).await?;
            return Ok(Stored::Written { written, taken });
        }
        Ok(Saved::Conflicts { merged, .. }) => {
            let refused = WebError::from(CatalogueError::Taken(String::new()));
            shown.status = Some(refused.status());
            shown.notices.push(Notice::Conflicts);
            shown.conflicts = merged.conflicts;
            shown.checked = false;
        }
        Err(error) => {
            let message = match &error {
                // What is wrong stands beside the fields.
                CatalogueError::Invalid(_) => None,
                other => Some(other.to_string()),
            };
            let refused = WebError::from(error);
            if refused.status().is_server_error() {
                return Err(refused);
            }
            shown.status = Some(refused.status());
            shown.notices.extend(message.map(Notice::Refused));
            settle(desk, writing).await?;
        }
    }
    Ok(Stored::Not(Box::new(shown)))
}

/// Puts together what both wrote, as the person has decided. Nothing is stored yet.
async fn merge(
    desk: &Desk,
    writing: &mut Writing,
    shown: &mut Shown,
) -> Result<(), CatalogueError> {
    let reading = desk.read(writing).await?;
    let Some(newest) = desk.newest.clone().filter(|_| reading.unreadable.is_none()) else {
        return Ok(());
    };
    let version = newest.head.version;
    let edit = desk.edit(writing, reading.triples, None);
    let merged: Merged = desk.view.merged(&edit, newest, desk.single()).await?;
    if !merged.conflicts.is_empty() {
        shown.conflicts = merged.conflicts;
        shown.notices.push(Notice::Conflicts);
        return Ok(());
    }
    shown.notices.push(Notice::Merged(merged.taken as u64));
    match &mut writing.raw {
        Some(raw) => raw.text = written(&merged.triples, raw.format),
        None => writing.sheet = desk.fill(merged.triples).await?,
    }
    writing.base = version;
    writing.choices.clear();
    Ok(())
}

/// From the form to the text, from one format of it to the other, or back. A text that cannot be read stays.
async fn switch(desk: &Desk, writing: &mut Writing, wanted: Wish) -> Result<(), CatalogueError> {
    let reading = desk.read(writing).await?;
    if reading.unreadable.is_some() {
        return Ok(());
    }
    match wanted {
        Wish::Text(format) => {
            // A text that is in this format already stays as its writer wrote it.
            if writing.raw.as_ref().is_none_or(|raw| raw.format != format) {
                let text = written(&reading.triples, format);
                writing.raw = Some(RawText { text, format });
            }
        }
        Wish::Form if writing.raw.is_some() => {
            writing.sheet = desk.fill(reading.triples).await?;
            writing.raw = None;
        }
        Wish::Form => (),
    }
    Ok(())
}

/// How a record is to be shown.
enum Wish {
    Form,
    Text(Format),
}

fn written(triples: &[Triple], wanted: Format) -> String {
    let bytes = format::write_triples(wanted, triples.iter().map(Triple::as_ref));
    // A person is to read it: each statement on a line of its own.
    if wanted == Format::JsonLd
        && let Ok(value) = serde_json::from_slice::<serde_json::Value>(&bytes)
    {
        return format!("{value:#}\n");
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Keeps the values for new records; what belongs to this one alone is left out.
async fn template(
    desk: &Desk,
    writing: &Writing,
    pairs: &[(String, String)],
    shown: &mut Shown,
) -> Result<(), CatalogueError> {
    let name = pairs.iter().find(|(name, _)| name == "_template");
    let name = name.map(|(_, value)| value.trim()).unwrap_or_default();
    let name: String = name.chars().take(NAME_CHARS_MAX).collect();
    let reading = desk.read(writing).await?;
    if name.is_empty() || reading.unreadable.is_some() {
        return Ok(());
    }
    let triples = super::begin::common(&desk.iri, reading.triples);
    let kept = Writing {
        sheet: desk.fill(triples).await?,
        ..Writing::default()
    };
    let of = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(super::begin::TEMPLATE_OF, desk.iri.as_str())
        .finish();
    let template = Template {
        name,
        kind: desk.kind.name.clone(),
        content: format!("{}&{of}", kept.content()),
    };
    let catalogue = desk.view.catalogue();
    let actor = desk.view.actor();
    let (at, ledger) = (catalogue.clock().now(), catalogue.ledger());
    let owner = owner(actor);
    let kept = ledger.keep_template(&owner, account_of(actor), &template, at);
    shown.notices.push(if kept.await? {
        Notice::Template
    } else {
        Notice::TooMuch
    });
    Ok(())
}
