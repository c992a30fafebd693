//! How does a person write a record: field by field, with what is wrong beside it?

use askama::Template;
use askama::filters::HtmlSafe;

use super::filters;
use super::messages::{Language, message};
use super::review::{stage_word, tone};
use super::site::{Section, Site};
use super::text::{Badge, Choice, Link, Tone};
use crate::catalogue::State;
use crate::catalogue::lifecycle::Stage;

/// The form of a record.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "edit.html")]
pub struct EditPage {
    /// The frame.
    pub site: Site,
    /// What the record is called; empty for a new one.
    pub title: String,
    /// The plural title of its kind.
    pub kind: String,
    /// Whether it is a draft, public …; none for a new one.
    pub state: Option<Badge>,
    /// Where it stands in a review.
    pub stage: Option<Stage>,
    /// Its review, when there is a record.
    pub review_href: Option<String>,
    /// What this writer may do with it.
    pub onward: Onward,
    /// How many must agree before it is published.
    pub approvals: u64,
    /// What a reviewer asks for, each with its place in the form, if it has one.
    pub requests: Vec<Problem>,
    /// The address of this page without its query.
    pub action: String,
    /// The record's page, when there is one.
    pub record_href: Option<String>,
    /// What the browser sends back unseen.
    pub hidden: Vec<Hidden>,
    /// What has to be told first.
    pub notices: Vec<Notice>,
    /// Other people who are writing the same record.
    pub others: Vec<String>,
    /// What is wrong, each with the place in the form.
    pub problems: Vec<Problem>,
    /// Whether the record was checked, and nothing must be mended.
    pub fits: bool,
    /// What somebody else wrote at the same places.
    pub conflicts: Vec<Conflict>,
    /// The records that this one may belong to.
    pub parents: Vec<Choice>,
    /// The fields in groups.
    pub groups: Vec<GroupView>,
    /// Other statements, as Turtle.
    pub rest: String,
    /// Why they cannot be read.
    pub rest_error: Option<String>,
    /// The whole record as a text, instead of the groups.
    pub raw: Option<Raw>,
    /// How good the description is.
    pub score: Option<Score>,
    /// Whether the public sees the record now.
    pub is_public: bool,
}

/// The ways that lead on from a form.
#[derive(Debug, Clone, Copy, Default)]
pub struct Onward {
    /// To a review.
    pub submit: bool,
    /// To the public, without further ado.
    pub publish: bool,
}

/// A value that the browser keeps for us.
#[derive(Debug, Clone, Default)]
pub struct Hidden {
    /// The name of the control.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// What has to be told about the state of the form.
#[derive(Debug, Clone, Default)]
pub enum Notice {
    /// What was written before is here again; since when.
    #[default]
    Restored,
    /// Somebody has changed the record since: the version that stands.
    Newer(u64),
    /// Another window of the same person wrote since.
    Elsewhere,
    /// There are too many unfinished records, or this one is too large.
    TooMuch,
    /// It was stored as a draft.
    Stored,
    /// So many changes of others were put together with it.
    Merged(u64),
    /// Somebody else changed the same things.
    Conflicts,
    /// The session has ended.
    SignedOut(String),
    /// The values are kept as a template.
    Template,
    /// What the catalogue says.
    Refused(String),
    /// Something must be mended before anybody judges it.
    NotHandedIn,
}

impl EditPage {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "a template passes what it looks into by reference"
    )]
    fn stage_badge(&self, stage: &Stage) -> (&str, Tone) {
        (stage_word(*stage, &self.site), tone(*stage))
    }
}

impl Notice {
    fn tone(&self) -> Tone {
        match self {
            Self::Stored | Self::Merged(_) | Self::Template => Tone::Good,
            Self::Restored => Tone::Plain,
            Self::Newer(_) | Self::Elsewhere | Self::Conflicts => Tone::Care,
            Self::TooMuch | Self::SignedOut(_) | Self::Refused(_) | Self::NotHandedIn => Tone::Bad,
        }
    }

    fn text(&self, site: &Site) -> String {
        match self {
            Self::Restored => site.t("edit.restored").to_owned(),
            Self::Newer(version) => site.with("edit.newer", version),
            Self::Elsewhere => site.t("edit.elsewhere").to_owned(),
            Self::TooMuch => site.t("edit.too_much").to_owned(),
            Self::Stored => site.t("edit.stored").to_owned(),
            Self::Merged(count) => site.with("edit.merged", count),
            Self::Conflicts => site.t("edit.conflicts").to_owned(),
            Self::SignedOut(_) => site.t("edit.signed_out").to_owned(),
            Self::Template => site.t("edit.template_kept").to_owned(),
            Self::Refused(reason) => reason.clone(),
            Self::NotHandedIn => site.t("edit.not_handed_in").to_owned(),
        }
    }
}

/// What is wrong somewhere.
#[derive(Debug, Clone, Default)]
pub struct Problem {
    /// The place in the form.
    pub href: String,
    /// The field.
    pub label: String,
    /// What to do.
    pub message: String,
    /// Whether it must be mended.
    pub grave: bool,
}

/// How good the description is, and what would raise it most.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// Points.
    pub points: u64,
    /// Of so many.
    pub max: u64,
    /// In words.
    pub band: String,
    /// How strongly.
    pub tone: Tone,
    /// The field that would raise it most.
    pub next: Option<Link>,
}

/// Two versions of the same thing.
#[derive(Debug, Clone, Default)]
pub struct Conflict {
    /// Its name.
    pub id: String,
    /// The field.
    pub label: String,
    /// What it was.
    pub base: Vec<String>,
    /// What the other wrote.
    pub theirs: Vec<String>,
    /// What this person wrote.
    pub mine: Vec<String>,
}

/// The record as a text.
#[derive(Debug, Clone, Default)]
pub struct Raw {
    /// The text.
    pub text: String,
    /// The formats: the one that it has, and those that it can be shown in.
    pub formats: Vec<Choice>,
    /// Why it cannot be read.
    pub unreadable: Option<String>,
}

/// A group of fields.
#[derive(Debug, Clone, Default)]
pub struct GroupView {
    /// Its place in the page.
    pub id: String,
    /// Its title.
    pub label: String,
    /// Those that are asked for, and those that are filled in.
    pub fields: Vec<FieldView>,
    /// The others.
    pub more: Vec<FieldView>,
    /// How many things in it must be mended.
    pub problems: u64,
}

/// Words of the interface inside of a field.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words(pub Language);

impl Words {
    fn t(self, key: &'static str) -> &'static str {
        message(self.0, key)
    }

    fn with(self, key: &str, value: &impl ToString) -> String {
        message(self.0, key).replacen("{}", &value.to_string(), 1)
    }
}

/// How much a field is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Asked {
    Must,
    Should,
    #[default]
    May,
}

/// A field with its rows.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "edit_field.html")]
pub struct FieldView {
    /// The language of the interface.
    pub words: Words,
    /// The prefix of its controls, and its place in the page.
    pub at: String,
    /// What it is called.
    pub label: String,
    /// What it is for.
    pub help: Option<String>,
    /// How much it is asked for.
    pub asked: Asked,
    /// What is wrong with it as a whole.
    pub troubles: Vec<Trouble>,
    /// Its values.
    pub rows: Vec<RowView>,
    /// What can be added.
    pub adds: Adds,
    /// Things that can be taken over.
    pub offers: Vec<Offer>,
    /// Whether it was looked for such things.
    pub offered: bool,
    /// Whether the person goes on here.
    pub focus: bool,
}

impl HtmlSafe for FieldView {}

impl FieldView {
    fn is_wrong(&self) -> bool {
        self.troubles.iter().any(|trouble| trouble.grave)
    }

    fn first(&self) -> Option<String> {
        let first = self.rows.first()?;
        (!matches!(first.control, Control::Node { .. })).then(|| format!("{}|v", first.at))
    }

    fn has_languages(&self) -> bool {
        self.rows.iter().any(|row| !row.languages.is_empty())
    }
}

/// What can be added to a field.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a button that is there or not"
)]
pub struct Adds {
    /// Another value.
    pub value: bool,
    /// A thing that is described here.
    pub node: bool,
    /// A link to one.
    pub link: bool,
    /// One from another record.
    pub reuse: bool,
}

/// What is wrong with a value or a field.
#[derive(Debug, Clone, Default)]
pub struct Trouble {
    /// What to do.
    pub text: String,
    /// Whether it must be mended.
    pub grave: bool,
}

/// A value with its controls.
#[derive(Debug, Clone, Default)]
pub struct RowView {
    /// The prefix of its controls.
    pub at: String,
    /// Which it is, from 1.
    pub number: usize,
    /// What is wrong with it.
    pub troubles: Vec<Trouble>,
    /// How it is typed in.
    pub control: Control,
    /// The term that it was made from.
    pub kept: Option<String>,
    /// The languages to choose from; none for what has no language.
    pub languages: Vec<Choice>,
    /// Terms that may be meant.
    pub hits: Vec<TermHit>,
    /// Whether it was looked for such terms.
    pub looked: bool,
    /// Whether it can be taken away.
    pub removable: bool,
    /// Whether the person goes on here.
    pub focus: bool,
}

impl RowView {
    fn is_wrong(&self) -> bool {
        self.troubles.iter().any(|trouble| trouble.grave)
    }
}

/// How a value is typed in.
#[derive(Debug, Clone)]
pub enum Control {
    /// One line.
    Line {
        /// The text.
        value: String,
        /// What it looks like.
        hint: String,
        /// Which keys a telephone shows: `text`, `url`, `numeric`, `decimal`.
        mode: &'static str,
    },
    /// Several lines.
    Area {
        /// The text.
        value: String,
    },
    /// One of a few.
    Choice(Vec<Choice>),
    /// A term that is looked up.
    Concept {
        /// Its name, or what was typed in.
        value: String,
        /// Where it is looked for.
        under: String,
        /// The name that the record keeps.
        iri: Option<String>,
    },
    /// A thing with fields of its own.
    Node {
        /// Its name among the statements.
        name: String,
        /// Its classes.
        types: String,
        /// Whether it was there before.
        is_old: bool,
        /// Those that are asked for, and those that are filled in.
        fields: Vec<FieldView>,
        /// The others.
        more: Vec<FieldView>,
    },
}

impl Default for Control {
    fn default() -> Self {
        Self::Area {
            value: String::new(),
        }
    }
}

/// A term that may be meant.
#[derive(Debug, Clone, Default)]
pub struct TermHit {
    /// Its name for us.
    pub iri: String,
    /// What it is called.
    pub label: String,
    /// Its code.
    pub code: String,
    /// What stands above it.
    pub path: String,
    /// How many stand below it.
    pub below: u64,
}

/// A thing of another record that can be taken over.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// Which it is.
    pub id: String,
    /// What it is called.
    pub label: String,
}

/// What a person is writing, and how they begin something new.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "edit_start.html")]
pub struct EditStartPage {
    /// The frame.
    pub site: Site,
    /// Unfinished records.
    pub copies: Vec<Unfinished>,
    /// The kinds of records to begin.
    pub kinds: Vec<Choice>,
    /// The catalogues to put them into.
    pub parents: Vec<Choice>,
    /// What to begin with: nothing, the last record, a template.
    pub beginnings: Vec<Choice>,
    /// Templates that can be forgotten.
    pub templates: Vec<String>,
}

/// A record that is not finished.
#[derive(Debug, Clone, Default)]
pub struct Unfinished {
    /// What it is called.
    pub title: String,
    /// Where it is written on.
    pub href: String,
    /// When it was last written.
    pub when: String,
}

/// The session ended while something was sent: it is all still here.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "edit_signed_out.html")]
pub struct SignedOutWritingPage {
    /// The frame.
    pub site: Site,
    /// Where it is sent again.
    pub action: String,
    /// Everything that was sent.
    pub hidden: Vec<Hidden>,
}

/// Words that stand in lists to choose from.
impl Words {
    /// A value without a language.
    pub fn no_language(self) -> &'static str {
        self.t("edit.no_language")
    }

    /// No value.
    pub fn empty_choice(self) -> &'static str {
        self.t("edit.empty_choice")
    }

    /// True.
    pub fn yes(self) -> &'static str {
        self.t("edit.yes")
    }

    /// False.
    pub fn no(self) -> &'static str {
        self.t("edit.no")
    }

    /// An empty form to begin with.
    pub fn with_nothing(self) -> &'static str {
        self.t("edit.with_nothing")
    }

    /// The last record to begin with.
    pub fn with_last(self) -> &'static str {
        self.t("edit.with_last")
    }

    /// What no field is for.
    pub fn others(self) -> &'static str {
        self.t("edit.others")
    }

    /// Where a record stands.
    pub fn state(self, state: State) -> &'static str {
        match state {
            State::Draft => self.t("edit.state_draft"),
            State::Published => self.t("edit.state_public"),
            State::Withdrawn | State::Deleted => self.t("edit.state_withdrawn"),
        }
    }

    /// To change a record.
    pub fn write(self) -> &'static str {
        self.t("edit.write")
    }

    /// To copy a record.
    pub fn copy(self) -> &'static str {
        self.t("edit.copy")
    }

    /// To make a new version of a dataset.
    pub fn version(self) -> &'static str {
        self.t("edit.version")
    }
}
