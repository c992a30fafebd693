//! Through which stages does a record go, and who may take it from one to the next? A table, and nothing else.

use crate::auth::Wish;
use crate::ledger::{Head, Review, State};

/// Where a record stands, as those who work on it see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// A draft, or a revision beside what is public.
    Draft,
    /// It waits for somebody's judgement.
    InReview,
    /// It was sent back to its author.
    ChangesRequested,
    /// Enough have agreed.
    Approved,
    Published,
    Withdrawn,
    Deleted,
}

/// What takes a record further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Hand it in.
    Submit,
    /// Take it back.
    Recall,
    /// Say something about it or one of its fields.
    Comment,
    RequestChanges,
    /// Agree. It is approved when as many as the rule asks for have agreed.
    Approve,
    Publish,
    Withdraw,
    Delete,
    Undelete,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    pub from: Stage,
    pub step: Step,
    pub to: Stage,
    /// What whoever takes the step must be allowed to do.
    pub wish: Wish,
}

const fn row(from: Stage, step: Step, to: Stage, wish: Wish) -> Transition {
    Transition {
        from,
        step,
        to,
        wish,
    }
}

/// Every way from one stage to another.
pub const TRANSITIONS: &[Transition] = &[
    row(Stage::Draft, Step::Submit, Stage::InReview, Wish::Submit),
    row(Stage::Draft, Step::Comment, Stage::Draft, Wish::Comment),
    row(Stage::Draft, Step::Publish, Stage::Published, Wish::Publish),
    row(Stage::Draft, Step::Delete, Stage::Deleted, Wish::Delete),
    row(
        Stage::InReview,
        Step::Comment,
        Stage::InReview,
        Wish::Comment,
    ),
    row(Stage::InReview, Step::Recall, Stage::Draft, Wish::Submit),
    row(
        Stage::InReview,
        Step::RequestChanges,
        Stage::ChangesRequested,
        Wish::RequestChanges,
    ),
    row(
        Stage::InReview,
        Step::Approve,
        Stage::Approved,
        Wish::Approve,
    ),
    row(
        Stage::InReview,
        Step::Publish,
        Stage::Published,
        Wish::Publish,
    ),
    row(Stage::InReview, Step::Delete, Stage::Deleted, Wish::Delete),
    row(
        Stage::ChangesRequested,
        Step::Comment,
        Stage::ChangesRequested,
        Wish::Comment,
    ),
    row(
        Stage::ChangesRequested,
        Step::Submit,
        Stage::InReview,
        Wish::Submit,
    ),
    row(
        Stage::ChangesRequested,
        Step::Recall,
        Stage::Draft,
        Wish::Submit,
    ),
    row(
        Stage::ChangesRequested,
        Step::Publish,
        Stage::Published,
        Wish::Publish,
    ),
    row(
        Stage::ChangesRequested,
        Step::Delete,
        Stage::Deleted,
        Wish::Delete,
    ),
    row(
        Stage::Approved,
        Step::Comment,
        Stage::Approved,
        Wish::Comment,
    ),
    row(
        Stage::Approved,
        Step::Approve,
        Stage::Approved,
        Wish::Approve,
    ),
    row(
        Stage::Approved,
        Step::RequestChanges,
        Stage::ChangesRequested,
        Wish::RequestChanges,
    ),
    row(Stage::Approved, Step::Recall, Stage::Draft, Wish::Submit),
    row(
        Stage::Approved,
        Step::Publish,
        Stage::Published,
        Wish::Publish,
    ),
    row(Stage::Approved, Step::Delete, Stage::Deleted, Wish::Delete),
    row(
        Stage::Published,
        Step::Withdraw,
        Stage::Withdrawn,
        Wish::Withdraw,
    ),
    row(Stage::Published, Step::Delete, Stage::Deleted, Wish::Delete),
    row(
        Stage::Withdrawn,
        Step::Publish,
        Stage::Published,
        Wish::Publish,
    ),
    row(Stage::Withdrawn, Step::Delete, Stage::Deleted, Wish::Delete),
    row(Stage::Deleted, Step::Undelete, Stage::Draft, Wish::Undelete),
];

/// The way that a step takes from a stage.
pub fn transition(from: Stage, step: Step) -> Option<&'static Transition> {
    TRANSITIONS
        .iter()
        .find(|row| row.from == from && row.step == step)
}

macro_rules! words {
    ($of:ident: $($case:ident = $word:literal),+) => {
        impl $of {
            /// Every case, in order.
            pub const ALL: &'static [Self] = &[$(Self::$case),+];

            /// The word for it, as it is stored and sent.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$case => $word),+ }
            }

            /// The case that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$case),)+ _ => None }
            }
        }
    };
}

words!(Stage: Draft = "draft", InReview = "in-review", ChangesRequested = "changes-requested", Approved = "approved",
    Published = "published", Withdrawn = "withdrawn", Deleted = "deleted");
words!(Step: Submit = "submit", Recall = "recall", Comment = "comment", RequestChanges = "request-changes",
    Approve = "approve", Publish = "publish", Withdraw = "withdraw", Delete = "delete", Undelete = "undelete");

impl Stage {
    /// Where a record stands. What was agreed to of one version says nothing of the next.
    pub fn of(head: &Head, review: Option<&Review>) -> Self {
        match head.state {
            State::Published => Self::Published,
            State::Withdrawn => Self::Withdrawn,
            State::Deleted => Self::Deleted,
            State::Draft => {
                let open = review.filter(|review| review.is_open);
                let stage = open.and_then(|review| {
                    let stage = Self::from_word(&review.stage)?;
                    let holds = stage == Self::ChangesRequested || review.version == head.version;
                    holds.then_some(stage)
                });
                stage.unwrap_or(Self::Draft)
            }
        }
    }

    /// Whether a review is open there.
    pub fn is_under_review(self) -> bool {
        matches!(
            self,
            Self::InReview | Self::ChangesRequested | Self::Approved
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_step_leads_from_a_stage_to_one_other() {
        let mut seen = HashSet::new();
        for row in TRANSITIONS {
            assert!(seen.insert((row.from, row.step)), "{row:?} stands twice");
        }
    }

    #[test]
    fn every_stage_is_reached_and_left() {
        for stage in Stage::ALL {
            assert!(
                TRANSITIONS.iter().any(|row| row.to == *stage),
                "{stage:?} is never reached"
            );
            assert!(
                TRANSITIONS.iter().any(|row| row.from == *stage),
                "{stage:?} is never left"
            );
            assert_eq!(Stage::from_word(stage.as_str()), Some(*stage));
        }
        for step in Step::ALL {
            assert!(
                TRANSITIONS.iter().any(|row| row.step == *step),
                "{step:?} is never taken"
            );
            assert_eq!(Step::from_word(step.as_str()), Some(*step));
        }
    }

    #[test]
    fn the_public_sees_nothing_new_but_by_publishing() {
        for row in TRANSITIONS.iter().filter(|row| row.to == Stage::Published) {
            assert_eq!(
                (row.step, row.wish),
                (Step::Publish, Wish::Publish),
                "{row:?}"
            );
        }
    }
}
