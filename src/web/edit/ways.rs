//! Which ways lead on from a form: to a review, to the public, and what did a reviewer ask for?

use super::desk::{Desk, Writing};
use crate::auth::{self, RecordFacts, Wish};
use crate::catalogue::lifecycle::{Stage, Step};
use crate::catalogue::reviewing::Wanted;
use crate::catalogue::{CATALOGUE_KIND, CatalogueError, State};
use crate::ledger::{Head, Remark};
use crate::web::pages::edit::Onward;

/// What somebody may do with the record that they write.
pub struct Ways {
    /// Where the newest version stands; none for a record that is not there yet.
    pub stage: Option<Stage>,
    pub onward: Onward,
    /// How many must agree before it is published.
    pub approvals: u32,
    /// What a reviewer asks for, the oldest first: the property, if it is about one, and the words.
    pub asked: Vec<(Option<String>, String)>,
}

impl Ways {
    pub async fn of(desk: &Desk, writing: &Writing) -> Result<Self, CatalogueError> {
        match &desk.newest {
            Some(newest) => Self::of_record(desk, &newest.head).await,
            None => Self::of_beginning(desk, writing).await,
        }
    }

    async fn of_record(desk: &Desk, head: &Head) -> Result<Self, CatalogueError> {
        let catalogue = desk.view.catalogue();
        let may = |wish| catalogue.may(desk.view.actor(), wish, head).is_allowed();
        let reviewed = desk.view.reviewed(&head.path).await?;
        let approvals = reviewed.rule.approvals;
        let asked = match reviewed.stage {
            Stage::ChangesRequested => {
                asked(reviewed.remarks.into_iter().map(|(remark, _)| remark))
            }
            _ => Vec::new(),
        };
        Ok(Self {
            stage: Some(reviewed.stage),
            onward: Onward {
                submit: may(Wish::Submit),
                publish: may(Wish::Publish) && approvals == 0,
            },
            approvals,
            asked,
        })
    }

    /// A record that is not there yet: its parent says where it will belong.
    async fn of_beginning(desk: &Desk, writing: &Writing) -> Result<Self, CatalogueError> {
        let catalogue = desk.view.catalogue();
        let actor = desk.view.actor();
        let parent = match desk.parent(writing) {
            Some(iri) => catalogue.ledger().head(iri.as_str()).await?,
            None => None,
        };
        let approvals = match &parent {
            Some(parent) => catalogue.rule_of(parent).await?.approvals,
            None => 0,
        };
        let home = parent.as_ref().and_then(|parent| {
            let itself = (parent.kind == CATALOGUE_KIND).then_some(parent.iri.as_str());
            itself.or(parent.catalogue.as_deref())
        });
        let facts = RecordFacts {
            kind: &desk.kind.name,
            state: State::Draft,
            is_public: false,
            catalogue: home,
            owner: actor.name(),
        };
        let may = |wish| auth::may(actor, wish, &facts).is_allowed();
        // Where it will belong is not chosen yet: what stands in the way is told when it is stored.
        let is_open = home.is_none();
        Ok(Self {
            stage: None,
            onward: Onward {
                submit: is_open || may(Wish::Submit),
                publish: (is_open || may(Wish::Publish)) && approvals == 0,
            },
            approvals,
            asked: Vec::new(),
        })
    }
}

/// What was said since the record was last handed in.
fn asked(remarks: impl Iterator<Item = Remark>) -> Vec<(Option<String>, String)> {
    let mut asked = Vec::new();
    for remark in remarks {
        match Step::from_word(&remark.step) {
            Some(Step::Submit) => asked.clear(),
            Some(Step::RequestChanges | Step::Comment) => {
                asked.extend(remark.content.map(|words| (remark.field, words)));
            }
            _ => (),
        }
    }
    asked
}

/// Hands in a version that was just stored. What was handed in before stays so.
pub async fn hand_in(desk: &Desk, path: &str, version: u64) -> Result<(), CatalogueError> {
    let wanted = Wanted {
        step: Step::Submit,
        field: None,
        content: None,
        version: Some(version),
    };
    let actor = desk.view.actor();
    match desk.view.catalogue().review(actor, path, wanted).await {
        Ok(_) | Err(CatalogueError::Transition { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}
