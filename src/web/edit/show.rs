//! What does the form show: its rows, what is wrong with them, and how good the record is?

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::desk::{Desk, Writing, catalogues};
use super::texts::{LANGUAGES, in_words, title_of};
use super::vocabulary::is_blank;
use super::ways::Ways;
use crate::catalogue::form::{Field, Form, Input, Node, Placed, Reading, Row, prefixed};
use crate::catalogue::projection::blocking;
use crate::catalogue::quality::{Band, Level, POINTS_MAX, say};
use crate::catalogue::{CATALOGUE_KIND, CatalogueError, Checked, State, Told, checked, merge};
use crate::rdf::vocabulary::short;
use crate::rdf::{Format, NamedNode, Term};
use crate::shacl::Severity;
use crate::web::error::WebError;
use crate::web::pages::edit::{
    Adds, Asked, Conflict, Control, EditPage, FieldView, GroupView, Hidden, Notice, Offer, Problem,
    Raw, RowView, Score, TermHit, Trouble, Words,
};
use crate::web::pages::site::Section;
use crate::web::pages::text::{Badge, Choice, Link, Text, Tone};
use crate::web::server::{Door, page_language};

/// What no field is for.
const OTHERS: &str = "rest";

/// A thing with no more fields than this shows them all.
const FOLDED_BEYOND: usize = 8;

/// What an act leaves to be shown.
#[derive(Default)]
pub struct Shown {
    pub status: Option<StatusCode>,
    pub notices: Vec<Notice>,
    /// Whether everything that is wrong is told.
    pub checked: bool,
    /// Terms for a row.
    pub hits: Option<(String, Vec<TermHit>)>,
    /// Things for a field.
    pub offers: Option<(String, Vec<Offer>)>,
    /// Where the person goes on.
    pub focus: Option<String>,
    pub conflicts: Vec<merge::Conflict>,
}

/// How the record fits as it is typed in, and where in the form it does not.
pub struct Checking {
    pub reading: Reading,
    pub checked: Option<Checked>,
    /// By the prefix of a row or a field.
    found: BTreeMap<String, Vec<Trouble>>,
    problems: Vec<(String, Problem)>,
    score: Option<Score>,
}

impl Checking {
    pub async fn of(desk: &Desk, writing: &Writing) -> Result<Self, CatalogueError> {
        let reading = desk.read(writing).await?;
        let mut checking = Self {
            reading,
            checked: None,
            found: BTreeMap::new(),
            problems: Vec::new(),
            score: None,
        };
        if checking.reading.unreadable.is_some() {
            return Ok(checking);
        }
        let checked = desk.check(writing, &checking.reading.triples).await?;
        for told in checked.sorted() {
            checking.place(desk, writing, told);
        }
        checking.checked = Some(checked);
        checking.score = checking.score(desk).await?;
        Ok(checking)
    }

    fn place(&mut self, desk: &Desk, writing: &Writing, told: Told<'_>) {
        let at = place(desk, &self.reading.placed, told);
        let grave = told.result.severity == Severity::Violation;
        let mut text = told.result.message(desk.language).to_owned();
        if let Some(advice) = told.advice {
            text.push(' ');
            text.push_str(&advice.sentence(desk.language));
        }
        let here = self.found.entry(at.clone()).or_default();
        if here.iter().any(|known| known.text == text) {
            return;
        }
        here.push(Trouble {
            text: text.clone(),
            grave,
        });
        if grave {
            let problem = Problem {
                href: format!("#{}", control_of(desk, writing, &at)),
                label: checked::label(told.result, desk.language),
                message: text,
                grave,
            };
            self.problems.push((at, problem));
        }
    }

    async fn score(&self, desk: &Desk) -> Result<Option<Score>, CatalogueError> {
        let rules = Arc::clone(desk.view.catalogue().quality());
        let (kind, iri) = (desk.kind.name.clone(), desk.iri.clone());
        let (triples, language) = (self.reading.triples.clone(), desk.language);
        let form = Arc::clone(&desk.form);
        blocking(move || {
            let Some(evidence) = rules.evidence(&kind, &iri, &triples) else {
                return Ok::<_, CatalogueError>(None);
            };
            let Some(mqa) = evidence.mqa() else {
                return Ok(None);
            };
            let mut changes = evidence.changes().into_iter();
            let next = changes.find_map(|change| {
                let key = short(change.property?)?;
                let at = form_place(&form, &key)?;
                Some(Link::new(
                    change.name(&evidence, language),
                    format!("#{at}"),
                ))
            });
            let band = mqa.band();
            Ok(Some(Score {
                points: mqa.score().into(),
                max: POINTS_MAX.into(),
                band: say(&format!("band.{}", band.as_str()), language).to_owned(),
                tone: match band {
                    Band::Excellent | Band::Good => Tone::Good,
                    Band::Sufficient => Tone::Care,
                    Band::Bad => Tone::Bad,
                },
                next,
            }))
        })
        .await
    }

    /// What a script shows while somebody types.
    pub fn to_json(&self, desk: &Desk) -> Value {
        let troubles = self.found.iter().flat_map(|(at, troubles)| {
            let is_row = desk.form.field_at(at).is_none();
            troubles.iter().map(move |trouble| {
                json!({ "at": at, "text": trouble.text, "grave": trouble.grave, "value": is_row })
            })
        });
        let score = self.score.as_ref().map(|score| {
            json!({
                "points": score.points,
                "max": score.max,
                "next": score.next.as_ref().map(|next| {
                    json!({ "href": next.href, "label": next.label.value })
                }),
            })
        });
        json!({
            "fits": self.checked.as_ref().map(Checked::fits),
            "unreadable": self.reading.unreadable.as_ref().map(ToString::to_string),
            "troubles": troubles.collect::<Vec<_>>(),
            "score": score,
        })
    }
}

/// The field of a property: of the record itself, or of a thing in it.
fn form_place(form: &Form, key: &str) -> Option<String> {
    if form.fields().any(|field| field.key == key) {
        return Some(key.to_owned());
    }
    let inside = |field: &&Field| match &field.input {
        Input::Node(nested) => nested.fields.iter().any(|inner| inner.key == key),
        _ => false,
    };
    let outer = form.fields().find(inside)?;
    Some(outer.key.clone())
}

/// The row or the field that a result is about.
fn place(desk: &Desk, placed: &[Placed], told: Told<'_>) -> String {
    let result = told.result;
    let focus = &result.focus_node;
    let itself = *focus == Term::from(desk.iri.clone());
    let prefix = if itself {
        Some("")
    } else {
        let thing = placed.iter().find(|one| one.value == *focus);
        thing.map(|one| one.at.as_str())
    };
    let Some(prefix) = prefix else {
        return OTHERS.to_owned();
    };
    let outside = if itself { OTHERS } else { prefix };
    let Some(path) = result.property() else {
        return outside.to_owned();
    };
    let key = short(path.as_str()).unwrap_or_else(|| path.as_str().to_owned());
    let field = prefixed(prefix, &key);
    if desk.form.field_at(&field).is_none() {
        return outside.to_owned();
    }
    let row = result.value.as_ref().and_then(|value| {
        placed
            .iter()
            .find(|one| one.subject == *focus && one.path == *path && one.value == *value)
    });
    row.map_or(field, |row| row.at.clone())
}

/// The control, or else the part of the page, where somebody mends what is wrong at a place.
fn control_of(desk: &Desk, writing: &Writing, at: &str) -> String {
    if at == OTHERS {
        return if writing.raw.is_some() { "raw" } else { OTHERS }.to_owned();
    }
    if writing.raw.is_some() {
        return "raw".to_owned();
    }
    let Some(field) = desk.form.field_at(at) else {
        // A row: its control, or the thing as a whole.
        let (field, _) = at.rsplit_once('|').unwrap_or((at, ""));
        let is_node = desk
            .form
            .field_at(field)
            .is_some_and(|field| matches!(field.input, Input::Node(_)));
        return if is_node {
            at.to_owned()
        } else {
            format!("{at}|v")
        };
    };
    if matches!(field.input, Input::Node(_)) {
        return at.to_owned();
    }
    let mut sheet = writing.sheet.clone();
    let first = sheet
        .rows_mut(at)
        .and_then(|rows| rows.first().map(|row| row.number));
    format!("{at}|{}|v", first.unwrap_or(0))
}

/// The fields of the record itself, or of the thing that a prefix names.
pub fn fields_below<'f>(form: &'f Form, below: &str) -> Vec<&'f Field> {
    if below.is_empty() {
        return form.fields().collect();
    }
    let (field, _) = below.rsplit_once('|').unwrap_or((below, ""));
    match form.field_at(field).map(|field| &field.input) {
        Some(Input::Node(nested)) => nested.fields.iter().collect(),
        _ => Vec::new(),
    }
}

/// The page of a form.
pub async fn page(
    door: &Door,
    request: &HttpRequest,
    desk: &Desk,
    writing: &Writing,
    mut shown: Shown,
) -> Result<EditPage, WebError> {
    let checking = Checking::of(desk, writing).await?;
    let words = Words(page_language(request));
    let painter = Painter {
        desk,
        writing,
        checking: &checking,
        shown: &shown,
        words,
    };
    let groups = if writing.raw.is_some() {
        Vec::new()
    } else {
        painter.groups()
    };
    let root = door.base().path_prefix();
    let newest = desk.newest.as_ref();
    let version = desk.version();
    let conflicts = painter.conflicts();
    let ways = Ways::of(desk, writing).await?;
    let requests = painter.requests(&ways);
    let unreadable = checking.reading.unreadable.as_ref();
    let told = unreadable.map(|error| match error.line {
        Some(line) => format!("{line}: {}", error.message),
        None => error.message.clone(),
    });
    let fits = checking.checked.as_ref().is_some_and(Checked::fits);
    let problems = checking.problems.iter().map(|(_, problem)| problem.clone());
    let problems: Vec<Problem> = problems.filter(|_| shown.checked).collect();
    let parents = parents(desk, writing).await?;
    let mut hidden = vec![
        ("_base", writing.base.to_string()),
        ("_seen", writing.seen.to_string()),
        ("_client", writing.client.clone()),
        ("_turn", writing.turn.to_string()),
        ("_types", types(&writing.sheet.root)),
    ];
    if shown.checked {
        hidden.push(("_checked", "1".to_owned()));
    }
    if let Some(parent) = writing.sheet.parent.clone().filter(|_| parents.is_empty()) {
        hidden.push(("_in", parent));
    }
    if newest.is_some() && version > writing.base && shown.conflicts.is_empty() {
        shown.notices.push(Notice::Newer(version));
    }
    let is_raw = writing.raw.is_some();
    let title = title_of(&desk.iri, &checking.reading.triples);
    Ok(EditPage {
        site: door.site_at(request, Section::Elsewhere),
        title: title.unwrap_or_default(),
        kind: desk.kind.title(desk.language).to_owned(),
        state: newest.map(|newest| badge(newest.head.state, words)),
        stage: ways.stage.filter(|stage| stage.is_under_review()),
        review_href: ways.stage.map(|_| format!("{root}{}/review", desk.path)),
        onward: ways.onward,
        approvals: ways.approvals.into(),
        requests,
        action: format!("{root}{}", desk.address()),
        record_href: newest.map(|_| format!("{root}{}", desk.path)),
        hidden: hidden
            .into_iter()
            .map(|(name, value)| Hidden {
                name: name.to_owned(),
                value,
            })
            .collect(),
        others: desk.others().await?,
        fits: shown.checked && fits && shown.conflicts.is_empty(),
        problems,
        conflicts,
        parents,
        groups,
        rest: writing.sheet.rest.clone(),
        rest_error: told.clone().filter(|_| !is_raw),
        raw: writing.raw.as_ref().map(|raw| Raw {
            text: raw.text.clone(),
            formats: [Format::Turtle, Format::JsonLd]
                .map(|format| Choice {
                    value: format!("raw|{}", format.extension()),
                    label: format.name().to_owned(),
                    chosen: format == raw.format,
                })
                .to_vec(),
            unreadable: told,
        }),
        is_public: desk.is_public(),
        notices: shown.notices,
        score: checking.score,
    })
}

fn badge(state: State, words: Words) -> Badge {
    Badge {
        label: Text::plain(words.state(state)),
        tone: match state {
            State::Published => Tone::Good,
            State::Draft | State::Withdrawn | State::Deleted => Tone::Care,
        },
        href: None,
    }
}

fn types(node: &Node) -> String {
    let types: Vec<&str> = node.types.iter().map(NamedNode::as_str).collect();
    types.join(" ")
}

/// The records that this one may belong to, where that is asked for.
async fn parents(desk: &Desk, writing: &Writing) -> Result<Vec<Choice>, CatalogueError> {
    let chosen = writing.sheet.parent.as_deref();
    let in_catalogues = desk.kind.relation_from(CATALOGUE_KIND).is_some();
    if !in_catalogues || writing.raw.is_some() || (desk.newest.is_some() && chosen.is_none()) {
        return Ok(Vec::new());
    }
    let mut choices = catalogues(&desk.view).await?;
    for choice in &mut choices {
        choice.chosen = chosen == Some(choice.value.as_str());
    }
    if let Some(parent) = chosen.filter(|_| !choices.iter().any(|choice| choice.chosen)) {
        let head = desk.view.catalogue().ledger().head(parent).await?;
        // The name of a record that is not public is nobody's to see.
        let public = head.and_then(|head| head.public);
        let title = public.and_then(|public| public.title);
        choices.push(Choice {
            value: parent.to_owned(),
            label: title.unwrap_or_else(|| parent.to_owned()),
            chosen: true,
        });
    }
    Ok(choices)
}

/// Makes the rows of the form.
struct Painter<'a> {
    desk: &'a Desk,
    writing: &'a Writing,
    checking: &'a Checking,
    shown: &'a Shown,
    words: Words,
}

impl Painter<'_> {
    fn groups(&self) -> Vec<GroupView> {
        let root = &self.writing.sheet.root;
        let groups = self.desk.form.groups.iter();
        let view = groups.map(|group| {
            let fields: Vec<&Field> = group.fields.iter().collect();
            let (asked, more) = self.split(&fields, root, "");
            let keys: Vec<&str> = group
                .fields
                .iter()
                .map(|field| field.key.as_str())
                .collect();
            let here = |at: &str| keys.contains(&at.split('|').next().unwrap_or(at));
            let problems = self
                .checking
                .problems
                .iter()
                .filter(|(at, _)| here(at))
                .count();
            GroupView {
                id: group.id.clone(),
                label: group
                    .label(self.desk.language)
                    .unwrap_or(self.words.others())
                    .to_owned(),
                fields: asked,
                more,
                problems: if self.shown.checked {
                    problems as u64
                } else {
                    0
                },
            }
        });
        view.collect()
    }

    /// The fields that are asked for or filled in, and the others.
    fn split(
        &self,
        fields: &[&Field],
        node: &Node,
        prefix: &str,
    ) -> (Vec<FieldView>, Vec<FieldView>) {
        let (mut asked, mut more) = (Vec::new(), Vec::new());
        for field in fields {
            let rows = node.fields.get(&field.key).map_or(&[][..], Vec::as_slice);
            let at = prefixed(prefix, &field.key);
            let view = self.field(field, &at, rows);
            let begins = |own: &String| own.starts_with(&at);
            let used = rows.iter().any(|row| !is_blank(row) || row.node.is_some())
                || self.shown.focus.as_ref().is_some_and(begins)
                || !view.troubles.is_empty();
            if field.level != Level::Optional || used {
                asked.push(view);
            } else {
                more.push(view);
            }
        }
        (asked, more)
    }

    fn field(&self, field: &Field, at: &str, rows: &[Row]) -> FieldView {
        let is_node = matches!(field.input, Input::Node(_));
        let empty = [self.empty_row(&field.input)];
        let rows = if rows.is_empty() && !is_node {
            &empty[..]
        } else {
            rows
        };
        let views = rows
            .iter()
            .enumerate()
            .map(|(place, row)| self.row(field, at, row, place, rows.len()));
        let more = field.takes_more_than(rows.len());
        let offers = self.shown.offers.as_ref().filter(|(own, _)| own == at);
        let is_root = !at.contains('|');
        FieldView {
            words: self.words,
            at: at.to_owned(),
            label: field.name(self.desk.language).to_owned(),
            help: field.help(self.desk.language).map(str::to_owned),
            asked: match field.level {
                Level::Mandatory => Asked::Must,
                Level::Recommended => Asked::Should,
                Level::Optional => Asked::May,
            },
            troubles: if self.shown.checked {
                self.troubles(at)
            } else {
                Vec::new()
            },
            rows: views.collect(),
            adds: Adds {
                value: more && !is_node,
                node: more && is_node,
                link: more && is_node,
                reuse: more && is_node && is_root,
            },
            offered: offers.is_some(),
            offers: offers.map(|(_, offers)| offers.clone()).unwrap_or_default(),
            focus: self.shown.focus.as_deref() == Some(at),
        }
    }

    fn troubles(&self, at: &str) -> Vec<Trouble> {
        self.checking.found.get(at).cloned().unwrap_or_default()
    }

    fn empty_row(&self, input: &Input) -> Row {
        let has_language = matches!(
            input,
            Input::Text {
                languages: true,
                ..
            }
        );
        Row {
            language: has_language.then(|| self.desk.language.to_owned()),
            ..Row::default()
        }
    }

    fn row(&self, field: &Field, at: &str, row: &Row, place: usize, count: usize) -> RowView {
        let at = format!("{at}|{}", row.number);
        let hits = self.shown.hits.as_ref().filter(|(own, _)| *own == at);
        let has_language = matches!(
            field.input,
            Input::Text {
                languages: true,
                ..
            }
        );
        let tag = row.language.clone().unwrap_or_default();
        RowView {
            number: place + 1,
            troubles: self.troubles(&at),
            control: self.control(field, &at, row),
            kept: row
                .kept
                .as_ref()
                .filter(|_| row.node.is_none())
                .map(ToString::to_string),
            languages: if has_language {
                languages(&tag, self.words)
            } else {
                Vec::new()
            },
            looked: hits.is_some(),
            hits: hits.map(|(_, hits)| hits.clone()).unwrap_or_default(),
            removable: row.node.is_some() || count > 1,
            focus: self.shown.focus.as_deref() == Some(at.as_str()),
            at,
        }
    }

    fn control(&self, field: &Field, at: &str, row: &Row) -> Control {
        if let Some(node) = &row.node {
            let fields = fields_below(&self.desk.form, at);
            let (mut asked, mut more) = self.split(&fields, node, at);
            if fields.len() <= FOLDED_BEYOND {
                asked.append(&mut more);
            }
            return Control::Node {
                name: node.name.clone(),
                types: types(node),
                is_old: node.is_old,
                fields: asked,
                more,
            };
        }
        let value = row.text.clone();
        if let Input::Choice(options) = &field.input {
            return Control::Choice(self.choices(options, &value));
        }
        if matches!(field.input, Input::Boolean) {
            return Control::Choice(self.truth(&value));
        }
        if let Input::Concept { sets } = &field.input {
            let ontology = self.desk.view.catalogue().ontology();
            let concept = match &row.kept {
                Some(Term::NamedNode(iri)) => ontology.concept(iri.as_str()),
                _ => None,
            };
            return Control::Concept {
                under: sets.join(" "),
                iri: concept.map(|concept| concept.code.clone()),
                value,
            };
        }
        let is_long = matches!(field.input, Input::Text { long: true, .. });
        if is_long || value.contains('\n') {
            return Control::Area { value };
        }
        let (hint, mode) = match field.input {
            Input::Date => ("2024-05-31", "text"),
            Input::Integer(_) => ("120", "numeric"),
            Input::Decimal => ("0.5", "decimal"),
            Input::Bytes(_) => ("1.5 GB", "text"),
            Input::Duration => ("P1Y", "text"),
            Input::Iri | Input::Node(_) => ("https://…", "url"),
            _ => ("", "text"),
        };
        Control::Line {
            value,
            hint: hint.to_owned(),
            mode,
        }
    }

    fn choices(&self, options: &[Term], value: &str) -> Vec<Choice> {
        let ontology = self.desk.view.catalogue().ontology();
        let label = |term: &Term| match term {
            Term::NamedNode(iri) => {
                let known = ontology.label(iri.as_str(), self.desk.language);
                known.unwrap_or(iri.as_str()).to_owned()
            }
            Term::Literal(literal) => literal.value().to_owned(),
            other => other.to_string(),
        };
        let mut choices = vec![Choice {
            value: String::new(),
            label: self.words.empty_choice().to_owned(),
            chosen: value.is_empty(),
        }];
        choices.extend(options.iter().map(|option| {
            let own = option.to_string();
            Choice {
                chosen: own == value,
                label: label(option),
                value: own,
            }
        }));
        if !choices.iter().any(|choice| choice.chosen) {
            choices.push(other(value));
        }
        choices
    }

    fn truth(&self, value: &str) -> Vec<Choice> {
        let choice = |own: &str, label: &str| Choice {
            value: own.to_owned(),
            label: label.to_owned(),
            chosen: own == value,
        };
        let mut choices = vec![
            choice("", self.words.empty_choice()),
            choice("true", self.words.yes()),
            choice("false", self.words.no()),
        ];
        if !choices.iter().any(|choice| choice.chosen) {
            choices.push(other(value));
        }
        choices
    }

    /// What a reviewer asks for, each with its place in the form.
    fn requests(&self, ways: &Ways) -> Vec<Problem> {
        let one = |(field, words): &(Option<String>, String)| {
            let key = field.as_deref().and_then(short).unwrap_or_default();
            let field = self.desk.form.fields().find(|field| field.key == key);
            let at = field.map(|field| control_of(self.desk, self.writing, &field.key));
            let label = field.map(|field| field.name(self.desk.language).to_owned());
            Problem {
                href: at.map_or_else(String::new, |at| format!("#{at}")),
                label: label.unwrap_or_default(),
                message: words.clone(),
                grave: false,
            }
        };
        ways.asked.iter().map(one).collect()
    }

    fn conflicts(&self) -> Vec<Conflict> {
        let ontology = self.desk.view.catalogue().ontology();
        let language = self.desk.language;
        let texts = |values: &[merge::Value]| {
            let text = |value: &merge::Value| in_words(value, ontology, language);
            values.iter().map(text).collect::<Vec<_>>()
        };
        let one = |conflict: &merge::Conflict| {
            let key = short(conflict.path.as_str()).unwrap_or_default();
            let field = self.desk.form.fields().find(|field| field.key == key);
            let name = field.map_or(conflict.path.as_str(), |field| field.name(language));
            let label = if conflict.language.is_empty() {
                name.to_owned()
            } else {
                format!("{name} ({})", conflict.language)
            };
            Conflict {
                id: conflict.id.clone(),
                label,
                base: texts(&conflict.base),
                theirs: texts(&conflict.theirs),
                mine: texts(&conflict.mine),
            }
        };
        self.shown.conflicts.iter().map(one).collect()
    }
}

/// A value that is none of those to choose from stays to be seen.
fn other(value: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: value.to_owned(),
        chosen: true,
    }
}

fn languages(tag: &str, words: Words) -> Vec<Choice> {
    let choice = |own: &str, label: &str| Choice {
        value: own.to_owned(),
        label: label.to_owned(),
        chosen: own == tag,
    };
    let mut choices: Vec<Choice> = LANGUAGES
        .iter()
        .map(|(own, label)| choice(own, label))
        .collect();
    choices.push(choice("", words.no_language()));
    if !choices.iter().any(|choice| choice.chosen) {
        choices.push(other(tag));
    }
    choices
}
