//! How good is the description of the record, and what would raise it?

use crate::catalogue::Record;
use crate::catalogue::quality::{
    Band, Change, Dimension, Evidence, Level, Mqa, Outcome, POINTS_MAX, Property, say,
};
use crate::rdf::Triple;
use crate::web::pages::quality::{Checklist, Item, Meter, Quality, Score, Standing, Step};
use crate::web::pages::text::Tone;
use crate::web::server::Door;

/// How many changes are advised.
const STEPS_MAX: usize = 3;

pub fn quality(door: &Door, record: &Record, sent: &[Triple], language: &str) -> Option<Quality> {
    let rules = door.catalogue.quality();
    let evidence = rules.evidence(&record.kind, &record.iri, sent)?;
    let completeness = evidence.completeness();
    let share = |level: Level| {
        let share = completeness.share(level);
        (share.of > 0).then(|| Meter {
            label: say(&format!("level.{}", level.as_str()), language).to_owned(),
            value: share.present as u64,
            max: share.of as u64,
        })
    };
    let changes = evidence.changes();
    let root = door.base().path_prefix();
    Some(Quality {
        score: evidence.mqa().map(|mqa| score(&evidence, mqa, language)),
        profile: completeness.profile.to_owned(),
        shares: Level::ALL.into_iter().filter_map(share).collect(),
        steps: changes
            .iter()
            .take(STEPS_MAX)
            .map(|change| step(&evidence, change, language))
            .collect(),
        ehds: ehds(&evidence, language),
        fair: Some(fair(&evidence, language)),
        json_href: format!("{root}{}/quality?format=json", record.path),
    })
}

fn score(evidence: &Evidence<'_>, mqa: Mqa, language: &str) -> Score {
    let dimension = |dimension: Dimension| Meter {
        label: say(&format!("dimension.{}", dimension.as_str()), language).to_owned(),
        value: mqa.points(dimension).into(),
        max: dimension.points_max().into(),
    };
    let items: Vec<Item> = mqa
        .metrics()
        .map(|(metric, outcome)| Item {
            label: metric.name(evidence, language),
            code: Some(metric.points.to_string()),
            standing: standing(outcome),
            note: None,
        })
        .collect();
    let not_measured = mqa
        .metrics()
        .filter(|(_, outcome)| *outcome == Outcome::NotMeasured)
        .map(|(metric, _)| metric.name(evidence, language))
        .collect();
    let band = mqa.band();
    Score {
        points: mqa.score().into(),
        max: POINTS_MAX.into(),
        band: say(&format!("band.{}", band.as_str()), language).to_owned(),
        tone: tone(band),
        dimensions: Dimension::ALL.into_iter().map(dimension).collect(),
        metrics: Some(checklist(items)),
        not_measured,
    }
}

/// How strongly a band speaks.
fn tone(band: Band) -> Tone {
    match band {
        Band::Excellent | Band::Good => Tone::Good,
        Band::Sufficient => Tone::Care,
        Band::Bad => Tone::Bad,
    }
}

fn step(evidence: &Evidence<'_>, change: &Change<'_>, language: &str) -> Step {
    let level = change.level.filter(|_| change.points == 0);
    let label = change.name(evidence, language);
    let names: Vec<String> = match change.property {
        Some(_) => change
            .metrics
            .iter()
            .map(|metric| metric.name(evidence, language))
            .collect(),
        None => evidence.breaches(language),
    };
    Step {
        points: change.points.into(),
        wanted: level.map(|level| say(&format!("level.{}", level.as_str()), language).to_owned()),
        details: names.into_iter().filter(|name| *name != label).collect(),
        label,
    }
}

fn ehds(evidence: &Evidence<'_>, language: &str) -> Option<Checklist> {
    let items = evidence.ehds()?.into_iter().map(|(element, outcome)| Item {
        label: evidence.name(element.property.term().as_str(), language),
        standing: standing(outcome),
        ..Item::default()
    });
    Some(checklist(items.collect()))
}

fn fair(evidence: &Evidence<'_>, language: &str) -> Checklist {
    let name = |property: &Property| evidence.name(property.term().as_str(), language);
    let items = evidence.fair().into_iter().map(|indicator| {
        let because: Vec<String> = indicator.because.iter().map(name).collect();
        Item {
            label: say(&format!("fair.{}", indicator.code), language).to_owned(),
            code: Some(indicator.code.to_owned()),
            standing: if indicator.is_met {
                Standing::Met
            } else {
                Standing::Missed
            },
            note: (!because.is_empty()).then(|| because.join(", ")),
        }
    });
    checklist(items.collect())
}

/// What is not needed counts as met; what is not measured does not.
fn checklist(items: Vec<Item>) -> Checklist {
    let is_met = |item: &&Item| matches!(item.standing, Standing::Met | Standing::NotNeeded);
    Checklist {
        met: items.iter().filter(is_met).count() as u64,
        of: items.len() as u64,
        items,
    }
}

fn standing(outcome: Outcome) -> Standing {
    match outcome {
        Outcome::Met => Standing::Met,
        Outcome::Missed => Standing::Missed,
        Outcome::NotMeasured => Standing::NotMeasured,
        Outcome::NotNeeded => Standing::NotNeeded,
    }
}
