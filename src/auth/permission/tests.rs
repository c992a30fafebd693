//! Does the decision say what the table says, for every role, wish and record?

use super::*;
use crate::auth::actor::{Actions, Bearer, Person};
use crate::ledger::{AccountId, TokenId};

const OURS: &str = "https://example.org/catalog/ours";
const OTHER: &str = "https://example.org/catalog/other";

fn named(iri: &str) -> Catalogues {
    Catalogues::Named(vec![iri.into()])
}

fn grant(role: Role, catalogues: Catalogues) -> Grant {
    Grant { role, catalogues }
}

fn bearer(grants: Vec<Grant>, actions: Actions) -> Actor {
    Actor::Bearer(Bearer {
        token: TokenId("t".into()),
        name: "ada".into(),
        account: None,
        grants,
        actions,
    })
}

/// The same trust, in a person.
fn person(grants: Vec<Grant>) -> Actor {
    Actor::Person(Person {
        author: "ada".into(),
        account: Some(AccountId("ada".into())),
        grants,
    })
}

fn draft() -> RecordFacts<'static> {
    RecordFacts {
        kind: "dataset",
        state: State::Draft,
        is_public: false,
        catalogue: Some(OURS),
        owner: "ada",
    }
}

/// One letter for each wish, in their order: what is not allowed is a dash.
const LETTERS: &str = "pdCRPWDscqarkbuxSMNTLA";

fn row(actor: &Actor, record: &RecordFacts<'_>) -> String {
    let letter = |(wish, letter): (&Wish, char)| {
        let allowed = may(actor, *wish, record).is_allowed();
        if allowed { letter } else { '-' }
    };
    Wish::ALL.iter().zip(LETTERS.chars()).map(letter).collect()
}

/// A draft of ada's, and what else it can be: public, a draft above a public version, withdrawn, deleted, a
/// colleague's, a catalogue, the root, a tool that belongs to no catalogue.
fn records() -> [RecordFacts<'static>; 9] {
    let with = |state, is_public| RecordFacts {
        state,
        is_public,
        ..draft()
    };
    let of = |kind, catalogue| RecordFacts {
        kind,
        catalogue,
        ..draft()
    };
    [
        draft(),
        with(State::Published, true),
        with(State::Draft, true),
        with(State::Withdrawn, false),
        with(State::Deleted, false),
        RecordFacts {
            owner: "grace",
            ..draft()
        },
        of("catalog", Some(OURS)),
        RecordFacts::ATLAS,
        of("tool", None),
    ]
}

#[test]
fn the_matrix_of_permissions() {
    let none = "----------------------";
    let read = "p---------------------";
    let many = "-------------b--------";
    let see = "p------------b--------";
    let reading = [none, read, read, none, none, none, none, read, none];
    let elsewhere = [many, see, see, many, many, many, many, see, many];
    let providing = [
        "-dCRPWDsc--rkb--------",
        "pdCRPW-sc--rkb--------",
        "pdCRPW-sc--rkb--------",
        "-dCRPW-sc--rkb--------",
        "-dC-PW-------b--------",
        "-dCRPW-sc--rkb--------",
        "-d-RPW-sc--rkb--------",
        see,
        many,
    ];
    let mut providing_all = providing;
    providing_all[8] = "-dCRPWDsc--rkb--------";
    let reviewing = [
        "-d--P---cqa--b--------",
        "pd--P---cqa--b--------",
        "pd--P---cqa--b--------",
        "-d--P---cqa--b--------",
        "-d-----------b--------",
        "-d--P---cqa--b--------",
        "-d--P---cqa--b--------",
        see,
        many,
    ];
    let table = [
        (vec![], reading),
        (vec![grant(Role::Reader, Catalogues::All)], reading),
        (vec![grant(Role::Provider, named(OURS))], providing),
        (vec![grant(Role::Provider, Catalogues::All)], providing_all),
        (vec![grant(Role::Provider, named(OTHER))], elsewhere),
        (vec![grant(Role::Reviewer, named(OURS))], reviewing),
        (vec![grant(Role::Reviewer, named(OTHER))], elsewhere),
        (
            vec![grant(Role::Steward, named(OTHER))],
            ["pdCRPWDscqarkbuxSMN---"; 9],
        ),
        (vec![grant(Role::Operator, named(OTHER))], [LETTERS; 9]),
    ];
    for (record, wanted) in records().iter().zip(reading) {
        assert_eq!(row(&Actor::Anonymous, record), wanted, "{record:?}");
    }
    for (grants, wanted) in table {
        for actor in [bearer(grants.clone(), Actions::All), person(grants)] {
            for (record, wanted) in records().iter().zip(wanted) {
                assert_eq!(row(&actor, record), wanted, "{actor:?} and {record:?}");
            }
        }
    }
}

/// Every record that there can be, as far as the decision looks.
fn all_records() -> Vec<RecordFacts<'static>> {
    let mut all = Vec::new();
    for kind in ["dataset", "catalog", "root", "tool"] {
        for state in State::ALL {
            for is_public in [true, false] {
                for catalogue in [Some(OURS), Some(OTHER), None] {
                    for owner in ["ada", "grace"] {
                        all.push(RecordFacts {
                            kind,
                            state: *state,
                            is_public,
                            catalogue,
                            owner,
                        });
                    }
                }
            }
        }
    }
    all
}

/// Expects a law of every wish and record; `law` says what is wrong.
fn everywhere(law: impl Fn(Wish, &RecordFacts<'_>) -> bool) {
    for record in all_records() {
        for wish in Wish::ALL {
            assert!(law(*wish, &record), "{wish:?} on {record:?}");
        }
    }
}

#[test]
fn a_higher_role_may_whatever_a_lower_one_may() {
    for higher in Role::ALL {
        for lower in Role::ALL
            .into_iter()
            .filter(|lower| higher.includes(*lower))
        {
            let high = person(vec![grant(higher, named(OURS))]);
            let low = person(vec![grant(lower, named(OURS))]);
            everywhere(|wish, record| {
                !may(&low, wish, record).is_allowed() || may(&high, wish, record).is_allowed()
            });
        }
    }
}

#[test]
fn two_roles_allow_what_one_of_them_allows_and_nothing_more() {
    let (provides, reviews) = (
        grant(Role::Provider, named(OURS)),
        grant(Role::Reviewer, named(OTHER)),
    );
    let both = person(vec![reviews.clone(), provides.clone()]);
    let (one, two) = (person(vec![provides]), person(vec![reviews]));
    everywhere(|wish, record| {
        let of_one = may(&one, wish, record).is_allowed() || may(&two, wish, record).is_allowed();
        may(&both, wish, record).is_allowed() == of_one
    });
}

#[test]
fn nobody_changes_anything_and_a_reader_does_not_either() {
    for actor in [Actor::Anonymous, person(vec![])] {
        everywhere(|wish, record| {
            let reads = wish == Wish::ReadPublic && record.is_public;
            may(&actor, wish, record).is_allowed() == reads
        });
    }
}

#[test]
fn a_role_for_catalogues_reaches_no_record_of_another() {
    for role in [Role::Provider, Role::Reviewer] {
        let actor = person(vec![grant(role, named(OTHER))]);
        everywhere(|wish, record| {
            record.catalogue == Some(OTHER)
                || matches!(wish, Wish::ReadPublic | Wish::Bulk)
                || !may(&actor, wish, record).is_allowed()
        });
    }
}

#[test]
fn a_token_allows_what_its_role_and_its_actions_allow() {
    for role in Role::ALL {
        let whole = bearer(vec![grant(role, named(OURS))], Actions::All);
        for one in Wish::ALL {
            let actions = Actions::Named(vec![*one]);
            let narrow = bearer(vec![grant(role, named(OURS))], actions);
            everywhere(|wish, record| {
                let anybody = may(&Actor::Anonymous, wish, record).is_allowed();
                let wanted = anybody
                    || (narrow.is_scoped_for(wish) && may(&whole, wish, record).is_allowed());
                may(&narrow, wish, record).is_allowed() == wanted
            });
        }
    }
}

#[test]
fn a_wish_is_read_by_its_word() {
    for wish in Wish::ALL {
        assert_eq!(Wish::from_word(wish.as_str()), Some(*wish));
    }
    assert_eq!(Wish::from_word("rule"), None);
    assert_eq!(Wish::ALL.len(), LETTERS.len());
}

#[test]
fn a_refusal_says_what_to_do() {
    let refusal = |actor: &Actor| match may(actor, Wish::Create, &draft()) {
        Deny(reason) => reason,
        Allow => panic!("allowed"),
    };
    assert!(refusal(&bearer(vec![], Actions::All)).contains("provider"));
    let reader = refusal(&person(vec![]));
    assert!(reader.contains("account") && !reader.contains("token"));
    assert!(refusal(&Actor::Anonymous).contains("Authorization"));
    let scoped = bearer(
        vec![grant(Role::Steward, Catalogues::All)],
        Actions::Named(vec![]),
    );
    assert!(refusal(&scoped).contains("/account"));
}
