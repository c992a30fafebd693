//! How long does it take to write one record in the profiles of others, and to report how it fits there?

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use vesalius::app;
use vesalius::catalogue::Profiles;
use vesalius::catalogue::profile::Neighbours;
use vesalius::crosswalk::rendition::{Ground, Rendered};
use vesalius::generate::Generator;
use vesalius::ontology::Ontology;
use vesalius::rdf::{NamedNode, Triple};

const BASE: &str = "https://atlas.example.org";
const RECORDS: usize = 1_000;
const HEALTH: &str = "healthdcat-ap";
const DCAT_AP: &str = "dcat-ap-3.0.1";

struct World {
    ontology: Ontology,
    profiles: Profiles,
}

impl World {
    fn written(&self, profile: &str, iri: &NamedNode, triples: &[Triple]) -> Rendered {
        let profile = self.profiles.get(profile).expect("a profile");
        let rules = profile.rendition.as_ref().expect("rules to write it");
        let ground = Ground {
            roots: std::slice::from_ref(iri),
            replacement: &|iri| self.ontology.replacement(iri).map(str::to_owned),
            is_profile: &|term| !self.profiles.named(std::slice::from_ref(term)).is_empty(),
        };
        rules.render(triples, &ground)
    }

    /// Whether it fits, with what a person is told of it.
    fn report(&self, profile: &str, iri: &NamedNode, triples: &[Triple]) -> bool {
        let profile = self.profiles.get(profile).expect("a profile");
        let neighbours = Neighbours {
            ontology: &self.ontology,
            snapshot: None,
        };
        let checked = profile.check(iri, triples, &neighbours);
        black_box(checked.report.results.len());
        checked.fits()
    }
}

fn renditions(criterion: &mut Criterion) {
    let ontology = Ontology::bundled().expect("the bundled ontology");
    let profiles = Profiles::load(&app::SHAPES, None, &ontology).expect("the bundled profiles");
    let world = World { ontology, profiles };
    let generator = Generator::new(RECORDS, 42, BASE);
    let records: Vec<_> = (0..RECORDS).map(|i| generator.record(i)).collect();
    let triples: usize = records.iter().map(|record| record.triples.len()).sum();
    eprintln!("{} triples a record", triples / RECORDS);
    let mut all = records.iter().cycle();
    criterion.bench_function("one record: written in HealthDCAT-AP 8", |bencher| {
        bencher.iter(|| {
            let record = all.next().expect("it never ends");
            black_box(world.written(HEALTH, &record.iri, &record.triples))
        });
    });
    criterion.bench_function("one record: and from there in DCAT-AP 3", |bencher| {
        bencher.iter(|| {
            let record = all.next().expect("it never ends");
            let health = world.written(HEALTH, &record.iri, &record.triples);
            black_box(world.written(DCAT_AP, &record.iri, &health.triples))
        });
    });
    criterion.bench_function("one record: both, with the report of each", |bencher| {
        bencher.iter(|| {
            let record = all.next().expect("it never ends");
            let health = world.written(HEALTH, &record.iri, &record.triples);
            let fits = world.report(HEALTH, &record.iri, &health.triples);
            let dcat_ap = world.written(DCAT_AP, &record.iri, &health.triples);
            black_box((fits, world.report(DCAT_AP, &record.iri, &dcat_ap.triples)))
        });
    });
}

criterion_group!(benches, renditions);
criterion_main!(benches);
