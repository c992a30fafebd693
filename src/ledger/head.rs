//! What does a change make of a record's head, and does the public see a difference?
//!
//! Pure: the committer applies it before anything is written, the tests compare it with a simple model.

use super::change::{Action, Expected, Head, NewChange, PublicFace, State};
use super::error::LedgerError;
use crate::rdf::canonical::Digest;

/// What a change does to the public face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    None = 0,
    Put = 1,
    Remove = 2,
}

/// Where the change will stand in the ledger.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub sequence: u64,
    /// The number that a new record gets.
    pub record: i64,
}

pub(super) fn apply(
    head: Option<&Head>,
    change: &NewChange,
    graph: Option<Digest>,
    place: Place,
) -> Result<(Head, Effect), LedgerError> {
    check_form(change, graph)?;
    check_expected(head, change)?;
    let mut next = match head {
        Some(head) => successor(head, change)?,
        None => newborn(change, place)?,
    };
    if let Some(digest) = graph {
        next.version += 1;
        next.digest = digest;
        next.graph_sequence = place.sequence;
        next.title.clone_from(&change.title);
        next.parent.clone_from(&change.parent);
    }
    next.state = change.state;
    next.changed_at = change.at;
    let effect = effect(&next, change.state);
    match effect {
        Effect::Put => publish(&mut next, change, place),
        Effect::Remove => next.public = None,
        Effect::None => {}
    }
    if effect != Effect::None {
        next.public_sequence = Some(place.sequence);
    }
    Ok((next, effect))
}

fn effect(head: &Head, state: State) -> Effect {
    match (state, &head.public) {
        (State::Published, _) => Effect::Put,
        (State::Withdrawn | State::Deleted, Some(_)) => Effect::Remove,
        (State::Draft, _) | (State::Withdrawn | State::Deleted, None) => Effect::None,
    }
}

fn publish(head: &mut Head, change: &NewChange, place: Place) {
    debug_assert!(place.sequence >= head.graph_sequence);
    head.first_published_at.get_or_insert(change.at);
    head.public = Some(PublicFace {
        version: head.version,
        digest: head.digest,
        parent: head.parent.clone(),
        title: head.title.clone(),
        published_at: change.at,
        graph_sequence: head.graph_sequence,
    });
}

fn newborn(change: &NewChange, place: Place) -> Result<Head, LedgerError> {
    // Whoever does not mind what stands there replaces nothing as well.
    let replaces_anything = change.action == Action::Replace && change.expected == Expected::Any;
    if change.action != Action::Create && !replaces_anything {
        return Err(LedgerError::Unknown {
            iri: change.iri.clone(),
        });
    }
    Ok(Head {
        record: place.record,
        iri: change.iri.clone(),
        kind: change.kind.clone(),
        path: change.path.clone(),
        parent: change.parent.clone(),
        catalogue: None,
        state: change.state,
        version: 0,
        digest: Digest([0; 32]),
        title: None,
        owner: change.author.clone(),
        created_at: change.at,
        changed_at: change.at,
        public: None,
        first_published_at: None,
        public_sequence: None,
        graph_sequence: place.sequence,
    })
}

fn successor(head: &Head, change: &NewChange) -> Result<Head, LedgerError> {
    if change.action == Action::Create {
        return Err(LedgerError::Exists {
            iri: head.iri.clone(),
            version: head.version,
        });
    }
    for (field, was, given) in [
        ("kind", &head.kind, &change.kind),
        ("path", &head.path, &change.path),
    ] {
        if was != given {
            return Err(LedgerError::Fixed {
                iri: head.iri.clone(),
                field,
                was: was.clone(),
                given: given.clone(),
            });
        }
    }
    Ok(head.clone())
}

fn check_expected(head: Option<&Head>, change: &NewChange) -> Result<(), LedgerError> {
    let iri = || change.iri.clone();
    match (change.expected, head) {
        (Expected::New, Some(head)) => Err(LedgerError::Exists {
            iri: iri(),
            version: head.version,
        }),
        (Expected::Version(_), None) => Err(LedgerError::Unknown { iri: iri() }),
        (Expected::Version(expected), Some(head)) if expected != head.version => {
            Err(LedgerError::Conflict {
                iri: iri(),
                expected,
                actual: head.version,
            })
        }
        (Expected::New | Expected::Any, None) | (Expected::Any | Expected::Version(_), Some(_)) => {
            Ok(())
        }
    }
}

fn check_form(change: &NewChange, graph: Option<Digest>) -> Result<(), LedgerError> {
    let fits = match change.action {
        Action::Create | Action::Replace => {
            graph.is_some() && matches!(change.state, State::Draft | State::Published)
        }
        Action::Publish => change.state == State::Published,
        Action::Withdraw => graph.is_none() && change.state == State::Withdrawn,
        Action::Delete => graph.is_none() && change.state == State::Deleted,
    };
    if fits {
        return Ok(());
    }
    Err(LedgerError::Malformed {
        iri: change.iri.clone(),
        action: change.action,
        state: change.state,
        has_graph: graph.is_some(),
    })
}
