//! What is mine here: my records, what waits for me, what I was told, what I want to be told, and my webhooks?

use askama::Template;

use super::filters;
use super::messages::Language;
use super::site::{Section, Site};
use super::text::{Link, Tone};

/// The first page of a person's area.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "my.html")]
pub struct MyPage {
    /// The frame.
    pub site: Site,
    /// Notices that are not read.
    pub unread: u64,
    /// Where somebody with their roles goes on: to write, to judge, to check, to change many records.
    pub ways: Vec<Link>,
    /// What waits for the person, the newest first.
    pub waiting: Vec<Waiting>,
    /// How many of their records are in each state.
    pub states: Vec<StateCount>,
    /// Their catalogues, to see the records in them.
    pub catalogues: Vec<Chosen>,
    /// The records of this page.
    pub records: Vec<Mine>,
    /// Where the list goes on.
    pub more: Option<String>,
    /// What they were told last.
    pub notices: Vec<NoticeRow>,
    /// What whoever keeps the whole Atlas sees besides.
    pub desk: Option<Desk>,
    /// What whoever runs it sees besides.
    pub works: Option<Works>,
}

/// Something that waits for a person.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// What it is, in a sentence that names the record.
    pub what: String,
    /// The record.
    pub href: String,
    /// Since when.
    pub since: String,
    /// What was said.
    pub words: Option<String>,
}

/// A choice with an address.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// What it is called, and where it leads.
    pub link: Link,
    /// Whether it is chosen now.
    pub is_chosen: bool,
}

/// Where records stand, as far as a list tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// Only those who work on it see it.
    #[default]
    Draft,
    /// Everybody sees it.
    Published,
    /// Everybody sees it, and a newer version waits.
    Revised,
    /// It was public once.
    Withdrawn,
    /// It is gone.
    Deleted,
}

impl Standing {
    /// The words for it.
    pub fn label(self, site: &Site) -> String {
        match self {
            Self::Draft => site.t("my.state_draft"),
            Self::Published => site.t("my.state_published"),
            Self::Revised => site.t("my.state_revised"),
            Self::Withdrawn => site.t("my.state_withdrawn"),
            Self::Deleted => site.t("my.state_deleted"),
        }
        .to_owned()
    }

    /// How strongly it speaks.
    pub fn tone(self) -> Tone {
        match self {
            Self::Draft | Self::Revised => Tone::Care,
            Self::Published => Tone::Good,
            Self::Withdrawn | Self::Deleted => Tone::Bad,
        }
    }
}

/// How many records are in a state.
#[derive(Debug, Clone, Default)]
pub struct StateCount {
    /// The state.
    pub standing: Standing,
    /// How many.
    pub count: u64,
    /// The list of these alone.
    pub href: String,
    /// Whether it is shown now.
    pub is_chosen: bool,
}

/// A record in a list.
#[derive(Debug, Clone, Default)]
pub struct Mine {
    /// The record.
    pub link: Link,
    /// What it is.
    pub kind: String,
    /// Where it stands.
    pub standing: Standing,
    /// Points of 405.
    pub points: Option<u64>,
    /// The band of these points.
    pub band: String,
    /// How strongly the band speaks.
    pub tone: Tone,
    /// What would raise it most.
    pub next: Option<String>,
    /// How many points that gives.
    pub gain: u64,
    /// When it was changed last.
    pub changed: String,
}

/// What a person was told.
#[derive(Debug, Clone, Default)]
pub struct NoticeRow {
    /// Its number.
    pub id: i64,
    /// What happened, in a sentence that names the record.
    pub what: String,
    /// The record.
    pub href: String,
    /// When.
    pub at: String,
    /// What was said.
    pub words: Option<String>,
    /// Why they were told.
    pub why: String,
    /// Whether they have read it.
    pub is_read: bool,
}

/// What a steward sees.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// How many records of the whole Atlas are in each state.
    pub states: Vec<StateCount>,
    /// How many wait for a review.
    pub reviews: u64,
}

/// What an operator sees.
#[derive(Debug, Clone, Default)]
pub struct Works {
    /// Whether letters are sent.
    pub sends_mail: bool,
    /// Notices that wait for a letter.
    pub letters: u64,
    /// Messages that wait for webhooks.
    pub messages: u64,
    /// Webhooks.
    pub webhooks: u64,
    /// Those that fail.
    pub failing: u64,
    /// Those that are disabled.
    pub disabled: u64,
}

/// What a person was told.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "my_notifications.html")]
pub struct NotificationsPage {
    /// The frame.
    pub site: Site,
    /// Notices that are not read.
    pub unread: u64,
    /// Whether only these are shown.
    pub unread_only: bool,
    /// The notices of this page, the newest first.
    pub notices: Vec<NoticeRow>,
    /// The newest of them.
    pub newest: Option<i64>,
    /// Where older ones are.
    pub older: Option<String>,
}

/// What a person wants to be told.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "my_settings.html")]
pub struct SettingsPage {
    /// The frame.
    pub site: Site,
    /// Where letters go; `None` when no address is known.
    pub email: Option<String>,
    /// Whether letters are sent at all.
    pub sends_mail: bool,
    /// The language that the person is spoken to in.
    pub language: Language,
    /// The ways, in their order.
    pub ways: Vec<String>,
    /// A row for each kind of event.
    pub rows: Vec<ChoiceRow>,
    /// What they follow.
    pub subscriptions: Vec<Followed>,
    /// The catalogues that can be followed.
    pub catalogues: Vec<Link>,
    /// A search that somebody came from, to be followed.
    pub search: String,
    /// Whether something was just saved.
    pub is_saved: bool,
}

/// A kind of event and the ways in which it is told.
#[derive(Debug, Clone, Default)]
pub struct ChoiceRow {
    /// The word for it in the form.
    pub kind: String,
    /// What it is called.
    pub label: String,
    /// Each way: its word, its name, and whether it is chosen.
    pub ways: Vec<WayCell>,
}

/// A box of the table.
#[derive(Debug, Clone, Default)]
pub struct WayCell {
    /// The word for it in the form.
    pub way: String,
    /// What it is called.
    pub label: String,
    /// Whether it is chosen.
    pub is_on: bool,
}

/// What a person follows.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// The name of the subscription.
    pub id: String,
    /// What it is, and where it leads.
    pub topic: String,
    /// The catalogue or search itself.
    pub link: Option<Link>,
}

/// The webhooks of a person.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "my_webhooks.html")]
pub struct WebhooksPage {
    /// The frame.
    pub site: Site,
    /// The webhooks, the newest first.
    pub webhooks: Vec<Hook>,
    /// A secret that was just made, and for which address: shown this once.
    pub secret: Option<NewSecret>,
    /// The topics that can be chosen: word and name.
    pub topics: Vec<Topic>,
    /// The kinds that can be chosen.
    pub kinds: Vec<ChoiceRow>,
    /// Whether the person may have webhooks.
    pub may_add: bool,
}

/// A topic that can be chosen.
#[derive(Debug, Clone, Default)]
pub struct Topic {
    /// The word for it in the form.
    pub word: String,
    /// What it is called.
    pub label: String,
}

/// A secret, for the one time that it is shown.
#[derive(Debug, Clone, Default)]
pub struct NewSecret {
    /// The address that it is for.
    pub url: String,
    /// The secret.
    pub secret: String,
}

/// A webhook.
#[derive(Debug, Clone, Default)]
pub struct Hook {
    /// Its name.
    pub id: String,
    /// Where it leads.
    pub url: String,
    /// What it is told of.
    pub topic: String,
    /// The catalogue or search.
    pub value: String,
    /// The kinds of events; empty for all.
    pub kinds: Vec<String>,
    /// When it was made.
    pub since: String,
    /// Since when it fails.
    pub failing: Option<String>,
    /// Since when it is disabled.
    pub disabled: Option<String>,
    /// What was sent last, the newest first.
    pub log: Vec<Sent>,
}

/// A message and what became of it.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// Its number.
    pub id: i64,
    /// What it told.
    pub what: String,
    /// When it was made.
    pub at: String,
    /// How often it was tried.
    pub attempts: u64,
    /// What was answered, or why nothing was.
    pub answer: Option<String>,
    /// Whether it has arrived.
    pub is_delivered: bool,
    /// When it is tried next.
    pub next: Option<String>,
}

/// Somebody comes from a letter and wants no more of them.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "unsubscribe.html")]
pub struct UnsubscribePage {
    /// The frame.
    pub site: Site,
    /// The account that got the letter.
    pub account: String,
    /// What proves it.
    pub mark: String,
    /// Whether it is done.
    pub is_done: bool,
}
