//! What lies on the desk of somebody who writes a record: the record, its form, and what is typed in.

use std::sync::Arc;

use jiff::SignedDuration;

use super::texts::title_of;
use crate::auth::{Actor, Catalogues, Role};
use crate::catalogue::form::{Form, Input, Node, PAIRS_MAX, Reading, Row, Sheet};
use crate::catalogue::identifier::split_path;
use crate::catalogue::merge::Choice;
use crate::catalogue::projection::blocking;
use crate::catalogue::{
    CATALOGUE_KIND, CatalogueError, Checked, Description, Edit, Editable, Kind, State, View,
};
use crate::ledger::{AccountId, HeadFilter, Keeping, NewWorkingCopy};
use crate::rdf::vocabulary::{dcat, dct};
use crate::rdf::{Format, NamedNode, Triple, format};
use crate::web::error::WebError;
use crate::web::pages::text::Choice as Alternative;

/// Whoever wrote within this time is told to write now.
const WRITES_NOW: SignedDuration = SignedDuration::from_mins(10);
/// Catalogues to choose from.
const CATALOGUES_MAX: usize = 500;
/// The longest name of a window.
const CLIENT_BYTES_MAX: usize = 64;

/// One record for one writer.
pub struct Desk {
    pub view: View,
    pub path: String,
    pub iri: NamedNode,
    pub kind: Kind,
    pub language: &'static str,
    /// The newest version; none for a record that is not there yet.
    pub newest: Option<Editable>,
    pub form: Arc<Form>,
}

/// What stands in one window.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    pub sheet: Sheet,
    /// The record as a text instead of the sheet.
    pub raw: Option<RawText>,
    /// The version that it was begun from; 0 for a new record.
    pub base: u64,
    /// The last number under which it was kept.
    pub seen: u64,
    /// The window.
    pub client: String,
    /// How often the window has sent it.
    pub turn: u64,
    /// Conflicts that were decided.
    pub choices: Vec<(String, Choice)>,
}

/// A record as a text.
#[derive(Clone, Debug)]
pub struct RawText {
    pub text: String,
    pub format: Format,
}

/// Under which name somebody's working copies are kept.
pub fn owner(actor: &Actor) -> String {
    match actor {
        Actor::Anonymous => String::new(),
        Actor::Bearer(bearer) => format!("token {}", bearer.token.0),
        Actor::Person(person) => person.author.clone(),
    }
}

/// The account of a person.
pub fn account_of(actor: &Actor) -> Option<AccountId> {
    match actor {
        Actor::Person(person) => person.account.clone(),
        Actor::Anonymous | Actor::Bearer(_) => None,
    }
}

/// Whether somebody may write records at all.
pub fn may_write(actor: &Actor) -> bool {
    actor.has(Role::Provider)
}

/// The catalogues that somebody may put records into.
pub async fn catalogues(view: &View) -> Result<Vec<Alternative>, CatalogueError> {
    let ledger = view.catalogue().ledger();
    let heads = match view.actor().catalogues() {
        None => Vec::new(),
        Some(Catalogues::Named(iris)) => {
            let mut heads = Vec::new();
            for iri in iris.iter().take(CATALOGUES_MAX) {
                heads.extend(ledger.head(iri).await?);
            }
            heads
        }
        Some(Catalogues::All) => {
            let filter = HeadFilter {
                kind: Some(CATALOGUE_KIND.to_owned()),
                ..HeadFilter::default()
            };
            ledger.heads(&filter, 0, CATALOGUES_MAX).await?
        }
    };
    let living = heads
        .into_iter()
        .filter(|head| head.state != State::Deleted);
    let choice = living.map(|head| Alternative {
        label: head.title.unwrap_or_else(|| head.iri.clone()),
        value: head.iri,
        chosen: false,
    });
    Ok(choice.collect())
}

impl Desk {
    /// Opens the record at a path for somebody who may write it.
    pub async fn open(view: View, path: &str, language: &'static str) -> Result<Self, WebError> {
        let catalogue = view.catalogue().clone();
        let mut iri = catalogue.base().iri(path);
        let missing = || CatalogueError::NotFound(catalogue.base().iri(path).into_string());
        let (prefix, _) = split_path(path).ok_or_else(missing)?;
        let kind = catalogue.kinds().by_prefix(prefix).cloned();
        let kind = kind.filter(|kind| !kind.is_root()).ok_or_else(missing)?;
        if !may_write(view.actor()) {
            let why = "your role is for reading; ask a steward, or your identity provider, for the role provider";
            return Err(CatalogueError::Denied(why.to_owned()).into());
        }
        let newest = view.newest(path).await?;
        if let Some(newest) = &newest {
            iri = NamedNode::new_unchecked(&newest.head.iri);
        }
        let parent = newest
            .as_ref()
            .and_then(|newest| newest.head.parent.clone());
        let parent = parent.map(NamedNode::new_unchecked);
        let triples = newest.as_ref().map_or(&[][..], |newest| &newest.triples);
        let description = Description {
            kind: &kind.name,
            iri: &iri,
            parent: parent.as_ref(),
            triples,
        };
        let profiles = catalogue.profiles_for(&description, &[])?;
        let profile = profiles.into_iter().next().ok_or(CatalogueError::Empty)?;
        let class = kind.classes.first().cloned().ok_or(CatalogueError::Empty)?;
        let ontology = Arc::clone(catalogue.ontology());
        let form = blocking(move || {
            let form = profile.form(&class, &ontology);
            // What the profile says nothing about is written as statements.
            let nothing = || {
                Arc::new(Form {
                    class,
                    groups: Vec::new(),
                })
            };
            Ok::<_, CatalogueError>(form.unwrap_or_else(nothing))
        })
        .await?;
        Ok(Self {
            view,
            path: path.to_owned(),
            iri,
            kind,
            language,
            newest,
            form,
        })
    }

    /// The newest version; 0 when there is none.
    pub fn version(&self) -> u64 {
        self.newest.as_ref().map_or(0, |newest| newest.head.version)
    }

    /// Where the form is, below the prefix.
    pub fn address(&self) -> String {
        format!("/edit{}", self.path)
    }

    /// What this writer had typed in before, when it is kept.
    pub async fn kept(&self) -> Result<Option<Writing>, CatalogueError> {
        let ledger = self.view.catalogue().ledger();
        let owner = owner(self.view.actor());
        let copy = ledger.working_copy(&owner, &self.path).await?;
        Ok(copy.map(|copy| Writing {
            base: copy.base,
            seen: copy.sequence,
            ..Writing::of_content(&copy.content)
        }))
    }

    /// Keeps what is typed in, unless another window has since.
    pub async fn keep(&self, writing: &mut Writing) -> Result<Keeping, CatalogueError> {
        let actor = self.view.actor();
        let reading = self.read(writing).await?;
        let kept = NewWorkingCopy {
            owner: owner(actor),
            account: account_of(actor),
            path: self.path.clone(),
            kind: self.kind.name.clone(),
            title: title_of(&self.iri, &reading.triples),
            base: writing.base,
            seen: writing.seen,
            client: writing.client.clone(),
            turn: writing.turn,
            content: writing.content(),
            at: self.view.catalogue().clock().now(),
        };
        let ledger = self.view.catalogue().ledger();
        let keeping = ledger.keep_working_copy(kept).await?;
        if let Keeping::Kept(sequence) = keeping {
            writing.seen = sequence;
            writing.turn += 1;
        }
        Ok(keeping)
    }

    /// Forgets what was typed in, as far as this window has seen it.
    pub async fn forget(&self, writing: &Writing) -> Result<(), CatalogueError> {
        let ledger = self.view.catalogue().ledger();
        let owner = owner(self.view.actor());
        let dropped = ledger.drop_working_copy(&owner, &self.path, writing.seen, &writing.client);
        dropped.await?;
        Ok(())
    }

    /// The others who are writing the same record now, by name.
    pub async fn others(&self) -> Result<Vec<String>, CatalogueError> {
        let catalogue = self.view.catalogue();
        let ledger = catalogue.ledger();
        let since = catalogue.clock().now() - WRITES_NOW;
        let owner = owner(self.view.actor());
        let writers = ledger.writers_of(&self.path, since, &owner).await?;
        let mut names = Vec::new();
        for writer in writers {
            let account = match &writer.account {
                Some(account) => ledger.account(account).await?,
                None => None,
            };
            let name = account.and_then(|account| account.name);
            names.push(name.unwrap_or(writer.owner));
        }
        Ok(names)
    }

    /// The record as it is typed in.
    pub async fn read(&self, writing: &Writing) -> Result<Reading, CatalogueError> {
        let (form, iri) = (Arc::clone(&self.form), self.iri.clone());
        let ontology = Arc::clone(self.view.catalogue().ontology());
        let (sheet, raw) = (writing.sheet.clone(), writing.raw.clone());
        blocking(move || {
            let Some(raw) = raw else {
                return Ok::<_, CatalogueError>(form.read(&iri, &sheet, &ontology));
            };
            let parsed = format::parse(raw.text.as_bytes(), raw.format, Some(iri.as_str()));
            Ok(match parsed {
                Ok(quads) => Reading {
                    triples: quads.into_iter().map(Triple::from).collect(),
                    ..Reading::default()
                },
                Err(error) => Reading {
                    unreadable: Some(error),
                    ..Reading::default()
                },
            })
        })
        .await
    }

    /// The sheet of some statements about the record.
    pub async fn fill(&self, triples: Vec<Triple>) -> Result<Sheet, CatalogueError> {
        let (form, iri, language) = (Arc::clone(&self.form), self.iri.clone(), self.language);
        let ontology = Arc::clone(self.view.catalogue().ontology());
        let fill = move || Ok::<_, CatalogueError>(form.fill(&iri, &triples, &ontology, language));
        blocking(fill).await
    }

    /// The record to which this one belongs, as it is typed in or stored.
    pub fn parent(&self, writing: &Writing) -> Option<NamedNode> {
        let typed = writing.sheet.parent.clone();
        let stored = || self.newest.as_ref()?.head.parent.clone();
        let parent = typed.or_else(stored)?;
        NamedNode::new(parent).ok()
    }

    /// How the record fits, as it is typed in.
    pub async fn check(
        &self,
        writing: &Writing,
        triples: &[Triple],
    ) -> Result<Checked, CatalogueError> {
        let (catalogue, kind) = (self.view.catalogue().clone(), self.kind.name.clone());
        let (iri, parent) = (self.iri.clone(), self.parent(writing));
        let triples = triples.to_vec();
        blocking(move || {
            catalogue.check_own(&Description {
                kind: &kind,
                iri: &iri,
                parent: parent.as_ref(),
                triples: &triples,
            })
        })
        .await
    }

    /// The change that is typed in.
    pub fn edit(&self, writing: &Writing, triples: Vec<Triple>, state: Option<State>) -> Edit {
        Edit {
            path: self.path.clone(),
            base: writing.base,
            triples,
            state,
            reason: None,
            choices: writing.choices.clone(),
        }
    }

    /// Which properties have one value, in each language.
    pub fn single(&self) -> impl Fn(&NamedNode) -> bool + Clone + Send + use<> {
        let form = Arc::clone(&self.form);
        move |path: &NamedNode| {
            let titles =
                *path == dct::TITLE || *path == dct::DESCRIPTION || *path == dct::IS_PART_OF;
            titles
                || form
                    .fields()
                    .any(|field| field.path == *path && field.max == Some(1))
        }
    }

    /// A new thing for a field: it has a name and the class that is expected there.
    pub fn new_node(&self, sheet: &Sheet, field: &str) -> Option<Node> {
        let Input::Node(nested) = &self.form.field_at(field)?.input else {
            return None;
        };
        let is_distribution = nested
            .class
            .as_ref()
            .is_some_and(|class| *class == dcat::DISTRIBUTION_CLASS);
        let name = if is_distribution {
            self.free_hash(sheet)
        } else {
            sheet.free_name()
        };
        Some(Node {
            name,
            types: nested.class.iter().cloned().collect(),
            ..Node::default()
        })
    }

    fn free_hash(&self, sheet: &Sheet) -> String {
        let names = sheet.names();
        let hash = |number: u32| format!("<{}#distribution-{number}>", self.iri.as_str());
        let mut free = (1..)
            .map(hash)
            .filter(|name| !names.contains(&name.as_str()) && !sheet.rest.contains(name));
        free.next().unwrap_or_default()
    }

    /// Adds a thing to a field, with the things in it that must be there.
    pub fn add_node(&self, sheet: &mut Sheet, field: &str) -> Option<String> {
        let node = self.new_node(sheet, field)?;
        let row = Row {
            node: Some(node),
            ..Row::default()
        };
        let at = sheet.add(field, row)?;
        self.add_needed(sheet, &at);
        Some(at)
    }

    /// Adds the things that must be there below a prefix; empty for the record itself.
    pub fn add_needed(&self, sheet: &mut Sheet, below: &str) {
        let needed: Vec<String> = super::show::fields_below(&self.form, below)
            .into_iter()
            .filter(|field| {
                let must = field.level == crate::catalogue::quality::Level::Mandatory;
                must && matches!(field.input, Input::Node(_))
            })
            .map(|field| crate::catalogue::form::prefixed(below, &field.key))
            .collect();
        for field in needed {
            let is_empty = sheet.rows_mut(&field).is_some_and(|rows| rows.is_empty());
            if is_empty {
                self.add_node(sheet, &field);
            }
        }
    }

    /// Whether the public sees the record now.
    pub fn is_public(&self) -> bool {
        self.newest
            .as_ref()
            .is_some_and(|newest| newest.head.public.is_some())
    }
}

impl Writing {
    /// What a browser sent.
    pub fn of_pairs(pairs: &[(String, String)]) -> Self {
        let value = |name: &str| {
            let found = pairs.iter().find(|(own, _)| own == name);
            found.map(|(_, value)| value.as_str())
        };
        let number = |name: &str| value(name).and_then(|text| text.parse().ok()).unwrap_or(0);
        let refs = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let mut client = value("_client").unwrap_or_default().to_owned();
        client.retain(|c| c.is_ascii_alphanumeric() || c == '-');
        client.truncate(CLIENT_BYTES_MAX);
        let choice = |(name, value): &(String, String)| {
            let choice = match value.as_str() {
                "mine" => Choice::Mine,
                "theirs" => Choice::Theirs,
                "both" => Choice::Both,
                _ => return None,
            };
            Some((name.strip_prefix("_choice|")?.to_owned(), choice))
        };
        Self {
            sheet: Sheet::of_pairs(refs),
            raw: value("_raw").map(|text| RawText {
                text: text.replace("\r\n", "\n"),
                format: format_of(text),
            }),
            base: number("_base"),
            seen: number("_seen"),
            client,
            turn: number("_turn"),
            choices: pairs.iter().take(PAIRS_MAX).filter_map(choice).collect(),
        }
    }

    /// What was kept.
    pub fn of_content(content: &str) -> Self {
        let pairs = url::form_urlencoded::parse(content.as_bytes());
        let pairs: Vec<(String, String)> = pairs.into_owned().collect();
        Self {
            client: window(),
            turn: 1,
            ..Self::of_pairs(&pairs)
        }
    }

    /// What is to be kept: everything that was typed in.
    pub fn content(&self) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(self.sheet.to_pairs());
        if let Some(raw) = &self.raw {
            form.append_pair("_raw", &raw.text);
        }
        form.finish()
    }
}

/// The format of a text, by its beginning: whatever somebody pastes is read as what it is. An array begins like a
/// nameless thing of Turtle, so it must be JSON as a whole.
fn format_of(text: &str) -> Format {
    let begins = |mark| text.trim_start().starts_with(mark);
    let is_array = || serde_json::from_str::<Vec<serde::de::IgnoredAny>>(text).is_ok();
    if begins('{') || (begins('[') && is_array()) {
        Format::JsonLd
    } else {
        Format::Turtle
    }
}

/// A name for a new window.
pub fn window() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}
